import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InstanceFacts } from "../metadata/facts";
import { ownFile } from "./files";
import type { InsideOptions } from "./node/inside";
import { createRelay } from "./node/relay";

const AGENTS = "/usr/lib/ocf/resource.d/heartbeat";

/** How a program inside of a node ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** A network namespace that looks like an instance: its interface, its metadata service, a way to the gateway. */
export interface NodeNamespace {
  run(command: string, args: string[], environment?: Record<string, string>): Promise<Ended>;
  /** Runs a resource agent of Debian's `resource-agents`, such as `aws-vpc-move-ip`, with its parameters. */
  agent(name: string, action: string, parameters: Record<string, string>): Promise<Ended>;
  close(): Promise<void>;
}

export interface NodeOptions {
  /** The gateway's URL; it is the same inside. */
  url: string;
  facts: InstanceFacts;
  /** The folder with the AWS CLI. */
  binDir: string;
}

/** Why no node can be opened on this machine, or undefined if one can. */
export function whyNoNamespace(): string | undefined {
  if (process.platform !== "linux") return "network namespaces need Linux";
  if (process.getuid?.() !== 0) return "network namespaces need root here";
  const veth = ["ip", "link", "add", "eth0", "type", "veth", "peer", "name", "wire"];
  const trial = spawnSync("unshare", ["--net", "--mount", ...veth]);
  return trial.status === 0 ? undefined : `no network namespace can be made: ${String(trial.stderr).trim()}`;
}

/** What the agents call, and the package that has it. */
const NEEDED = { curl: "curl", ip: "iproute2", dig: "bind9-dnsutils" };

/** Why the agent cannot be run on this machine, or undefined if it can. */
export function whyNoAgent(name: string): string | undefined {
  if (!existsSync(join(AGENTS, name))) {
    return `${name} is not installed: apt-get install -y --no-install-recommends resource-agents`;
  }
  const missing = Object.entries(NEEDED).find(([tool]) => spawnSync("which", [tool]).status !== 0);
  if (missing !== undefined) return `${missing[0]} is not installed: apt-get install -y ${missing[1]}`;
  return whyNoNamespace();
}

const SET_UP = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mount -t sysfs sysfs /sys
ip link set lo up
ip address add 169.254.169.254/32 dev lo
ip link add eth0 address "$1" type veth peer name wire
ip link set eth0 up
ip link set wire up
ip address add "$2" dev eth0
shift 2
exec "$@"
`;

/**
 * Opens a node: an unnamed network and mount namespace that ends with its only process, so nothing of it can be left
 * behind. The gateway goes on listening on loopback only; a socket in the file system leads to it from inside.
 */
export async function openNode(options: NodeOptions): Promise<NodeNamespace> {
  const port = Number(new URL(options.url).port);
  const [primary] = options.facts.interfaces;
  if (primary === undefined)
    throw new Error(`Opening ${options.facts.instance.id}: it has no network interface`);
  const folder = await mkdtemp(join(tmpdir(), "node-"));
  const socket = join(folder, "out");
  const relay = createRelay({ host: "127.0.0.1", port });
  await new Promise<void>((resolve) => relay.listen(socket, resolve));
  // The agents always name a profile, and aws-vpc-route53 reads the CLI's answers as text.
  await writeFile(join(folder, "config"), `[default]\nregion = ${options.facts.region}\noutput = text\n`);
  const inside: InsideOptions = { facts: options.facts, port, socket };
  const program = [process.execPath, "-r", "ts-node/register/transpile-only", ownFile("node", "inside.ts")];
  const child = spawn(
    "unshare",
    [
      "--net",
      "--mount",
      "sh",
      "-c",
      SET_UP,
      "node",
      primary.macAddress,
      `${primary.addresses[0] ?? ""}/24`,
      ...program,
    ].concat(JSON.stringify(inside)),
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const close = (): Promise<void> => end(child, relay, folder);
  try {
    await ready(child);
  } catch (error) {
    await close();
    throw error;
  }
  const environment = {
    PATH: `${options.binDir}:${process.env.PATH ?? "/usr/sbin:/usr/bin:/sbin:/bin"}`,
    AWS_ENDPOINT_URL: options.url,
    AWS_REGION: options.facts.region,
    AWS_DEFAULT_REGION: options.facts.region,
    AWS_CONFIG_FILE: join(folder, "config"),
    HOME: folder,
  };
  const run: NodeNamespace["run"] = (command, args, more = {}) =>
    execute("nsenter", ["-t", String(child.pid), "-n", "-m", "--", command, ...args], {
      ...environment,
      ...more,
    });
  return {
    run,
    close,
    agent: (name, action, parameters) =>
      run(join(AGENTS, name), [action], {
        OCF_ROOT: "/usr/lib/ocf",
        OCF_RESOURCE_INSTANCE: name,
        OCF_RESKEY_awscli: join(options.binDir, "aws"),
        ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [`OCF_RESKEY_${key}`, value])),
      }),
  };
}

function ready(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const keep = (chunk: string): void => {
      output += chunk;
      if (/^READY$/m.test(output)) resolve();
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", reject);
    child.on("exit", (code) => {
      reject(
        new Error(`Opening a node's namespace: its process ended with ${String(code)}: ${output.trim()}`),
      );
    });
  });
}

async function end(child: ChildProcessWithoutNullStreams, relay: Server, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
  await new Promise((resolve) => relay.close(resolve));
  await rm(folder, { recursive: true, force: true });
}

function execute(command: string, args: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code: code ?? -1, stdout, stderr, seconds: (performance.now() - begin) / 1000 });
    });
  });
}
