/** A lab of a test file's own: its folder, its stack, its fake AWS; built and driven by the commands that people use. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { CloudAdmin, LAB_CREDENTIALS } from "../../cloud/api";
import { defaultLab, type Lab, projectRoot } from "../../cloud/lab";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class TestLab {
  readonly root = projectRoot();
  readonly stack = `test-${randomBytes(4).toString("hex")}`;
  readonly directory = path.join(this.root, ".lab", "test", this.stack);
  private env: NodeJS.ProcessEnv = {
    ...process.env,
    FAILOVER_LAB_DIR: this.directory,
    FAILOVER_LAB_STACK: this.stack,
  };

  /** The same lab, whose commands run with further variables. */
  with(variables: NodeJS.ProcessEnv): TestLab {
    const copy = Object.create(this) as TestLab;
    copy.env = { ...this.env, ...variables };
    return copy;
  }

  /** Further variables for all commands from now on. */
  set(variables: NodeJS.ProcessEnv): void {
    this.env = { ...this.env, ...variables };
  }

  get lab(): Lab {
    const { root, directory, stack } = this;
    return { ...defaultLab(root), root, directory, stack };
  }

  /** Starts a command of package.json in a process group of its own. */
  start(command: string, ...args: string[]): { pid: number; ended: Promise<Ended> } {
    const child = spawn("npm", ["run", "-s", command, "--", ...args], {
      cwd: this.root,
      env: this.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (data: string) => (text.stdout += data));
    child.stderr.setEncoding("utf8").on("data", (data: string) => (text.stderr += data));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => {
        resolve({ code, signal, ...text });
      });
    });
    if (child.pid === undefined) throw new Error(`npm run ${command} could not be started`);
    return { pid: child.pid, ended };
  }

  async run(command: string, ...args: string[]): Promise<Ended> {
    return await this.start(command, ...args).ended;
  }

  /** Like `run`, for what has to work. */
  async succeed(command: string, ...args: string[]): Promise<Ended> {
    const ended = await this.run(command, ...args);
    if (ended.code === 0) return ended;
    throw new Error(
      `npm run ${command} -- ${args.join(" ")} ended with ${ended.code}:\n${ended.stdout}\n${ended.stderr}`,
    );
  }

  /** Whether a fake AWS of this lab has been started, and not been taken down. */
  get isUp(): boolean {
    return fs.existsSync(path.join(this.directory, "cloud.json"));
  }

  get url(): string {
    return (JSON.parse(fs.readFileSync(path.join(this.directory, "cloud.json"), "utf8")) as { url: string })
      .url;
  }

  get record(): { pid: number; motoPid: number } {
    return JSON.parse(fs.readFileSync(path.join(this.directory, "cloud.json"), "utf8")) as {
      pid: number;
      motoPid: number;
    };
  }

  get admin(): CloudAdmin {
    return new CloudAdmin(this.url);
  }

  get ec2(): EC2Client {
    return new EC2Client({
      region: "us-east-1",
      endpoint: this.url,
      credentials: LAB_CREDENTIALS,
      maxAttempts: 1,
    });
  }

  configFile(): string {
    return path.join(this.root, "stacks", `Pulumi.${this.stack}.yaml`);
  }

  async remove(): Promise<void> {
    // What a test has made by hand may be in the way.
    if ((await this.run("lab:down")).code !== 0) await this.run("lab:down", "--force");
    fs.rmSync(this.directory, { recursive: true, force: true });
    fs.rmSync(this.configFile(), { force: true });
  }
}
