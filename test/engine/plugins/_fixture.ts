/** Real engine, real plugins, a fake AWS of its own: small throw-away programs run in a folder of their own. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { EC2Client } from "@aws-sdk/client-ec2";
import { type Cloud, startCloud } from "../../cloud/api";
import { defaultLab, labEnvironment } from "../../cloud/lab";
import { setUp } from "../../cloud/setup";

export interface Result {
  readonly code: number;
  /** Both streams, as a person sees them. */
  readonly text: string;
  readonly stdout: string;
}

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Record<string, { kind: string }>;
}

export class Lab {
  private constructor(
    readonly directory: string,
    private readonly running: Cloud | undefined,
    readonly environment: NodeJS.ProcessEnv,
    private readonly root: string,
  ) {}

  get cloud(): Cloud {
    if (!this.running) throw new Error("this lab was started without a cloud");
    return this.running;
  }

  /** @param options.cloud false for programs that need no fake AWS */
  static async start(options: { cloud: boolean } = { cloud: true }): Promise<Lab> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "plugins-"));
    const lab = { ...defaultLab(), directory, stack: "test" };
    const { python } = await setUp(lab, () => undefined);
    const cloud = options.cloud ? await startCloud({ python: python.python }) : undefined;
    const environment = labEnvironment(lab, cloud?.url ?? "http://127.0.0.1:9", python.binDir);
    return new Lab(directory, cloud, environment, lab.root);
  }

  /** A client that works as the plugins do. */
  ec2(): EC2Client {
    const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = this.environment;
    const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    return new EC2Client({ region: "us-east-1", endpoint: this.cloud.url, credentials });
  }

  async stop(): Promise<void> {
    await this.running?.close();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  /** A project with one stack; `body` is JavaScript that may use `pulumi`, `aws`, `command` and `config`. */
  async project(name: string, body: string): Promise<Project> {
    const folder = path.join(this.directory, name);
    fs.mkdirSync(folder);
    fs.symlinkSync(path.join(this.root, "node_modules"), path.join(folder, "node_modules"));
    const yaml = `name: ${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`;
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), yaml);
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name }));
    const state = path.join(folder, "state");
    fs.mkdirSync(state);
    const project = new Project(folder, { ...this.environment, PULUMI_BACKEND_URL: `file://${state}` });
    project.write(body);
    const made = await project.pulumi("stack", "init", "test");
    if (made.code !== 0) throw new Error(made.text);
    return project;
  }
}

const HEADER = `
const lazy = (load) => new Proxy({}, { get: (_, key) => load()[key] });
const pulumi = require("@pulumi/pulumi");
const aws = lazy(() => require("@pulumi/aws"));
const command = lazy(() => require("@pulumi/command"));
const config = new pulumi.Config();
`;

export class Project {
  constructor(
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  write(body: string): void {
    fs.writeFileSync(path.join(this.folder, "index.js"), `${HEADER}${body}\n`);
  }

  pulumi(...args: string[]): Promise<Result> {
    const options = { cwd: this.folder, env: this.environment, maxBuffer: 64 << 20 };
    return new Promise((resolve) => {
      execFile(
        "pulumi",
        [...args, "--non-interactive", "--color=never"],
        options,
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
          resolve({ code, text: `${stdout}${stderr}`, stdout });
        },
      );
    });
  }

  up = (...args: string[]): Promise<Result> => this.pulumi("up", "--yes", "--skip-preview", ...args);
  refresh = (...args: string[]): Promise<Result> =>
    this.pulumi("refresh", "--yes", "--skip-preview", ...args);
  destroy = (...args: string[]): Promise<Result> =>
    this.pulumi("destroy", "--yes", "--skip-preview", ...args);

  /** What an update would do, without what stays the same. @throws if the preview fails */
  async steps(...args: string[]): Promise<Step[]> {
    const result = await this.pulumi("preview", "--json", ...args);
    if (result.code !== 0) throw new Error(result.text);
    const { steps } = JSON.parse(result.stdout) as { steps: Step[] };
    return steps.filter((step) => step.op !== "same");
  }

  async resources(): Promise<Resource[]> {
    const { stdout } = await this.pulumi("stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: Resource[] } };
    return deployment.resources ?? [];
  }

  /** The one resource of that logical name. */
  async resource(name: string): Promise<Resource> {
    const found = (await this.resources()).filter((resource) => resource.urn.endsWith(`::${name}`));
    const [only] = found;
    if (found.length !== 1 || !only) throw new Error(`${String(found.length)} resources are named ${name}`);
    return only;
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.pulumi("stack", "output", "--json", "--show-secrets");
    return JSON.parse(stdout) as Record<string, unknown>;
  }
}
