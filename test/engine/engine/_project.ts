/** Small projects on the real engine, with our language host; no cloud behind them. */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { defaultLab, labEnvironment } from "../../cloud/lab";
import { setUp } from "../../cloud/setup";

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export class Project {
  private constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /**
   * @param options `runtime.options` of Pulumi.yaml
   * @param files by name
   */
  static async make(
    name: string,
    options: object,
    files: Readonly<Record<string, string>>,
  ): Promise<Project> {
    const base = defaultLab();
    // Inside the checkout, where the packages are found.
    const folder = fs.mkdtempSync(path.join(base.root, ".lab", `engine-${name}-`));
    const lab = { ...base, directory: path.join(folder, "lab"), stack: "test" };
    const { python } = await setUp(lab, () => undefined);
    const project = new Project(folder, labEnvironment(lab, "http://127.0.0.1:9", python.binDir));
    const manifest = { name, runtime: { name: "nodejs", options } };
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), stringify(manifest));
    for (const [file, text] of Object.entries(files)) project.write(file, text);
    const { code, output } = await project.run("stack", "init", "test");
    if (code !== 0) throw new Error(output);
    return project;
  }

  /** @param file relative to the project's folder, or absolute */
  write(file: string, text: string): void {
    const target = path.resolve(this.folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }

  /** The same project with further variables. */
  with(more: NodeJS.ProcessEnv): Project {
    return new Project(this.folder, { ...this.env, ...more });
  }

  start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn("pulumi", args, {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (data: string) => (output += data));
    child.stderr.setEncoding("utf8").on("data", (data: string) => (output += data));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, output });
      });
    });
    return { child, ended };
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  update(): Promise<Ended> {
    return this.run("up", "--yes", "--skip-preview");
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
