/** The VPC's resolver on this machine's loopback, and programs that ask it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { vpcResolver } from "../../cloud/dns/answers";
import { serveDns } from "../../cloud/dns/server";
import type { CloudModel } from "../../cloud/model";
import { networkInterface, VPC_ID } from "../../unit/vpc-resolver/_model";
import { type Outcome, run } from "../../unit/nodes/tools";

/** Serves a cloud's VPC in which loopback is the address of an interface. @returns the port */
export async function served(t: ExecutionContext, cloud: CloudModel): Promise<number> {
  const asker = networkInterface("eni-asker", "127.0.0.1");
  const model = { ...cloud, networkInterfaces: [...cloud.networkInterfaces, asker] };
  const server = await serveDns(["127.0.0.1"], 0, vpcResolver({ vpcId: VPC_ID, model: () => model }));
  t.teardown(() => server.close());
  return server.port;
}

export function dig(port: number, ...args: string[]): Promise<Outcome> {
  return run("dig", ["@127.0.0.1", "-p", String(port), "+tries=1", "+time=2", ...args]);
}

/** Rcode and flags, as dig prints them, and what it says of the answer's records. */
export async function look(
  port: number,
  ...args: string[]
): Promise<{ rcode: string; flags: string; text: string }> {
  const { stdout } = await dig(port, ...args);
  const [, rcode = "none"] = /status: (\w+)/.exec(stdout) ?? [];
  const [, flags = ""] = /flags: ([\w ]*);/.exec(stdout) ?? [];
  return { rcode, flags, text: stdout };
}

/**
 * Starts BIND on a free port of loopback.
 *
 * @param options lines of `options { … }`
 * @param rest the blocks after it
 * @param files by name, in named's working directory
 */
export async function named(
  t: ExecutionContext,
  options: string,
  rest = "",
  files: Record<string, string> = {},
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "named-"));
  const port = await freePort();
  const work = join(folder, "work");
  mkdirSync(work);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
  const conf = `options { directory "${work}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  pid-file none; session-keyfile none; dnssec-validation no; allow-query { any; }; ${options} };
controls { };
${rest}`;
  writeFileSync(join(folder, "named.conf"), conf);
  const child = spawn("named", ["-g", "-c", join(folder, "named.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.teardown(async () => {
    await ended(child);
    rmSync(folder, { recursive: true });
  });
  await running(child);
  return port;
}

async function running(child: ChildProcess): Promise<void> {
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      log += chunk;
      if (/not loaded due to errors/.test(log)) reject(new Error(`named refuses a zone:\n${log}`));
      if (/ running$/m.test(log)) resolve();
    });
    child.on("error", reject);
    child.on("exit", () => {
      reject(new Error(`named did not start:\n${log}`));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
