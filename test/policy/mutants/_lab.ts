/**
 * Previews of the real program on an empty stack, with the policy pack and one mistake: the engine, the plugins and the
 * fake AWS are the lab's, and nothing is built.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { randomBytes } from "node:crypto";
import { parse, stringify } from "yaml";
import { keepSetUp, enter, type RunningLab } from "../../../scripts/lib/running-lab";
import { type PolicyReport, previewWithPolicies } from "../../../scripts/lib/policy-preview";
import { runProgram } from "../../../scripts/lib/processes";
import { CloudAdmin } from "../../cloud/api";
import { startCloudDaemon, stopCloudDaemon } from "../../cloud/daemon";
import { defaultLab, type Lab, labPaths, projectRoot } from "../../cloud/lab";
import { setUp } from "../../cloud/setup";
import { mistakeVariable } from "./_names";

export class PreviewLab {
  /** Configuration of the pack for the lab. */
  readonly config = path.join(projectRoot(), "policy", "lab.json");
  private waiting: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];

  private constructor(
    private readonly lab: Lab,
    private readonly running: RunningLab,
  ) {}

  static async start(): Promise<PreviewLab> {
    const root = projectRoot();
    const stack = `policy-${randomBytes(4).toString("hex")}`;
    const lab: Lab = { ...defaultLab(root), stack, directory: path.join(root, ".lab", "test", stack) };
    const setup = await setUp(lab, () => undefined);
    keepSetUp(lab, setup);
    const record = await startCloudDaemon(lab, setup.python.python);
    return new PreviewLab(lab, enter(lab, record.url));
  }

  /**
   * A project of the same name and configuration as the lab's, with another program.
   * @param program file below test/policy/mutants
   */
  async project(program: string): Promise<string> {
    const { root, directory, stack } = this.lab;
    const folder = path.join(directory, path.basename(program, ".ts"));
    fs.mkdirSync(folder, { recursive: true });
    const project = parse(fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    const preloaded = ["typescript.cjs", "slow-packages.cjs"].map(
      (name) => `-r "${path.join(root, "components", "loader", name)}"`,
    );
    const runtime = { name: "nodejs", options: { typescript: false, nodeargs: preloaded.join(" ") } };
    fs.writeFileSync(
      path.join(folder, "Pulumi.yaml"),
      stringify({ ...project, runtime, main: ".", stackConfigDir: "." }),
    );
    const file = path.join(root, "test", "policy", "mutants", program);
    fs.writeFileSync(path.join(folder, "index.js"), `module.exports = require(${JSON.stringify(file)});\n`);
    const { code, stderr } = await runProgram("pulumi", ["stack", "init", stack], {
      cwd: folder,
      env: this.running.env,
      output: "capture",
    });
    if (code !== 0 && !stderr.includes("already exists")) throw new Error(stderr);
    fs.copyFileSync(labPaths(this.lab).stackTemplate, path.join(folder, `Pulumi.${stack}.yaml`));
    return folder;
  }

  /**
   * @param config the pack's configuration: a file, or its content
   * @param pack folder of the pack; default: the checkout's
   */
  async preview(
    project: string,
    mistake: string,
    config: string | object,
    pack?: string,
  ): Promise<PolicyReport> {
    const file =
      typeof config === "string"
        ? config
        : path.join(this.lab.directory, `${randomBytes(4).toString("hex")}.json`);
    if (typeof config !== "string") fs.writeFileSync(file, JSON.stringify(config));
    return await this.inTurn(() =>
      previewWithPolicies({
        pulumi: "pulumi",
        root: this.lab.root,
        stack: this.lab.stack,
        env: { ...this.running.env, [mistakeVariable]: mistake },
        config: file,
        pack,
        project,
        quiet: true,
      }),
    );
  }

  /** Two at once, as many as the smallest machine has cores: more would only wait for each other. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const [first = Promise.resolve(), ...rest] = this.waiting;
    const mine = first.then(work);
    // Whoever comes next waits for the end, not for the success.
    this.waiting = [
      ...rest,
      mine.then(
        () => undefined,
        () => undefined,
      ),
    ];
    return await mine;
  }

  /** @returns the seconds that a preview takes without the pack */
  async secondsWithout(project: string): Promise<number> {
    const started = performance.now();
    const { code, stderr } = await runProgram(
      "pulumi",
      ["preview", "--non-interactive", "--stack", this.lab.stack],
      {
        cwd: project,
        env: { ...this.running.env, [mistakeVariable]: "none" },
        output: "capture",
      },
    );
    if (code !== 0) throw new Error(stderr);
    return (performance.now() - started) / 1000;
  }

  /** An update with the pack; nothing is asked. */
  async update(
    project: string,
    mistake = "none",
    folder = path.join(this.lab.root, "policy"),
  ): Promise<{ code: number; output: string }> {
    const pack = ["--policy-pack", folder];
    const { code, stdout, stderr } = await runProgram(
      "pulumi",
      ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", this.lab.stack, ...pack],
      { cwd: project, env: { ...this.running.env, [mistakeVariable]: mistake }, output: "capture" },
    );
    return { code, output: stdout + stderr };
  }

  /** Names of the calls that the fake AWS has got. */
  async calls(): Promise<string[]> {
    return (await new CloudAdmin(this.running.url).audit()).map(({ action }) => action);
  }

  async stop(): Promise<void> {
    await stopCloudDaemon(this.lab);
    fs.rmSync(this.lab.directory, { recursive: true, force: true });
  }
}
