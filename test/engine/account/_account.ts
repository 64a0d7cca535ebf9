/**
 * A machine as people have one who work in an account: the Pulumi CLI is installed with its language host and plugins, and
 * the checkout has neither tests nor development packages. The account is a fake AWS.
 */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { projectRoot } from "../../cloud/lab";
import { Lab } from "../plugins/_fixture";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Names of the lab's variables: nothing of it is known on such a machine. */
const ofTheLab = /^FAILOVER_|^PULUMI_STACK$/;

/** Pulumi's own launcher of dynamic providers, as its installation has it: it runs the project's SDK. */
const launcher = `#!/bin/sh
exec node "$(node -p 'require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] })')" "$@"
`;

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The files that git knows, without the tests. */
function copyCheckout(root: string, to: string): void {
  const listed = run("git", ["-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  for (const file of listed.split("\0")) {
    if (file === "" || file.startsWith("test/") || !fs.existsSync(path.join(root, file))) continue;
    fs.mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(to, file));
  }
}

interface Installed {
  readonly packages: Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>;
}

/** What `npm ci --omit=dev` installs, as links where the file system allows them. */
function copyPackages(root: string, to: string): void {
  const record = path.join(root, "node_modules", ".package-lock.json");
  const { packages } = JSON.parse(fs.readFileSync(record, "utf8")) as Installed;
  const wanted = new Set(Object.keys(packages).filter((name) => packages[name]?.dev !== true));
  for (const name of wanted) {
    // One within another one comes with it.
    if (name.indexOf("node_modules/", 1) > 0) continue;
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    const linked = spawnSync("cp", ["-al", path.join(root, name), path.join(to, name)]);
    if (linked.status !== 0) run("cp", ["-a", path.join(root, name), path.join(to, name)]);
  }
}

export class Account {
  private constructor(
    readonly lab: Lab,
    /** The checkout. */
    readonly root: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async open(): Promise<Account> {
    const lab = await Lab.start();
    const from = projectRoot();
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "account-"));
    copyCheckout(from, root);
    copyPackages(from, root);
    const bin = path.join(lab.directory, "bin");
    fs.writeFileSync(path.join(bin, "pulumi-resource-pulumi-nodejs"), launcher, { mode: 0o755 });
    const unusable = path.join(lab.directory, "no-npm");
    fs.mkdirSync(unusable);
    for (const name of ["npm", "npx"])
      fs.writeFileSync(path.join(unusable, name), `#!/bin/sh\necho ${name} was called >&2\nexit 9\n`, {
        mode: 0o755,
      });
    const state = path.join(lab.directory, "account-state");
    fs.mkdirSync(state);
    const env = Object.fromEntries(Object.entries(lab.environment).filter(([name]) => !ofTheLab.test(name)));
    return new Account(lab, root, {
      ...env,
      PATH: [unusable, env.PATH ?? ""].join(path.delimiter),
      PULUMI_BACKEND_URL: `file://${state}`,
    });
  }

  /** The same machine, on which somebody else works. */
  as(user: { readonly accessKeyId: string; readonly secretAccessKey: string }): Account {
    return new Account(this.lab, this.root, {
      ...this.env,
      AWS_ACCESS_KEY_ID: user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
    });
  }

  /** Makes another project within the checkout, with its components. @returns its folder */
  project(name: string, program: string): string {
    const folder = path.join(this.root, "others", name);
    fs.mkdirSync(folder, { recursive: true });
    fs.symlinkSync(path.join(this.root, "components"), path.join(folder, "components"));
    const loader = path.join(this.root, "components", "loader", "typescript.cjs");
    const runtime = { name: "nodejs", options: { typescript: false, nodeargs: `-r ${loader}` } };
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ name, runtime }));
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name }));
    fs.writeFileSync(path.join(folder, "index.js"), program);
    return folder;
  }

  get stateFolder(): string {
    return path.join(this.lab.directory, "account-state", ".pulumi");
  }

  private async start(program: string, args: readonly string[], cwd: string): Promise<Ended> {
    const child = spawn(program, args, { cwd, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (data: string) => (text.stdout += data));
    child.stderr.setEncoding("utf8").on("data", (data: string) => (text.stderr += data));
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code: code ?? 1, ...text });
      });
    });
  }

  /** `npm run failover -- ARGS`, as package.json has it. */
  failover(...args: string[]): Promise<Ended> {
    return this.start(process.execPath, [path.join("scripts", "run.cjs"), "failover", ...args], this.root);
  }

  async pulumi(folder: string, ...args: string[]): Promise<Ended> {
    const ended = await this.start("pulumi", [...args, "--non-interactive", "--color=never"], folder);
    if (ended.code === 0) return ended;
    throw new Error(`pulumi ${args.join(" ")} ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
  }

  async close(): Promise<void> {
    fs.rmSync(this.root, { recursive: true, force: true });
    await this.lab.stop();
  }
}
