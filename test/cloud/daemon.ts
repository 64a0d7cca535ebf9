/** The fake AWS as a process that stays when a command ends. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { get } from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "./api/admin/types";
import { bundlePath } from "./engine/bundle";
import { alive } from "./engine/lock";
import { type Lab, labPaths } from "./lab";

/** What the gateway writes when it serves. */
export interface CloudRecord {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly motoPid: number;
  readonly cloudId: string;
  readonly startedAt: string;
}

export type CloudStatus =
  | { readonly state: "stopped" }
  | { readonly state: "running"; readonly record: CloudRecord }
  /** It was started, and went without an orderly end. */
  | { readonly state: "died"; readonly record: CloudRecord; readonly reason: string };

function readRecord(lab: Lab): CloudRecord | undefined {
  try {
    return JSON.parse(fs.readFileSync(labPaths(lab).cloud, "utf8")) as CloudRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** @returns what the gateway says, or why it says nothing. node:http, since loading `fetch` costs a failover 30 ms. */
function health(record: CloudRecord): Promise<Health | string> {
  return new Promise((resolve) => {
    const request = get(`${record.url}/_cloud/health`, { timeout: 5000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (data: string) => (text += data));
      response.once("end", () => {
        resolve(parseHealth(text)); // 503 too is an answer: moto is dead
      });
    });
    request.once("timeout", () => request.destroy(new Error("no answer within 5 s")));
    request.once("error", (error) => {
      resolve(error.message);
    });
  });
}

function parseHealth(text: string): Health | string {
  try {
    return JSON.parse(text) as Health;
  } catch (error) {
    if (error instanceof SyntaxError) return `its answer is no JSON: ${text.slice(0, 80)}`;
    throw error;
  }
}

export async function cloudStatus(lab: Lab): Promise<CloudStatus> {
  const record = readRecord(lab);
  if (record === undefined) return { state: "stopped" };
  if (!alive(record.pid)) return { state: "died", record, reason: `its process ${record.pid} is gone` };
  const found = await health(record);
  if (typeof found === "string") {
    return { state: "died", record, reason: `${record.url} does not answer: ${found}` };
  }
  if (found.cloudId !== record.cloudId) {
    return { state: "died", record, reason: `another program serves at ${record.url} now` };
  }
  if (!found.moto.alive) {
    return { state: "died", record, reason: `moto, its store (process ${record.motoPid}), is gone` };
  }
  return { state: "running", record };
}

/** The preferred port; another one is taken when it is in use. */
const preferredPort = 4577;

/** Starts the gateway and waits until it serves. */
export async function startCloudDaemon(lab: Lab, python: string): Promise<CloudRecord> {
  const paths = labPaths(lab);
  fs.mkdirSync(paths.logs, { recursive: true });
  const logFile = path.join(paths.logs, "gateway.log");
  const log = fs.openSync(logFile, "a");
  const args = [
    "--python",
    python,
    "--port",
    String(preferredPort),
    "--ready-file",
    paths.cloud,
    "--audit-file",
    paths.audit,
  ];
  const child = spawn(process.execPath, [bundlePath(paths.bundles, "gateway"), ...args], {
    cwd: lab.directory,
    detached: true,
    stdio: ["ignore", log, log],
  });
  fs.closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `it ended with ${signal ?? `exit code ${String(code)}`}`));
  for (;;) {
    const record = readRecord(lab);
    if (record?.pid === child.pid && record !== undefined) {
      child.unref();
      return record;
    }
    if (ended !== undefined) {
      throw new Error(
        `The fake AWS did not start: ${ended}. Its log, ${logFile}, ends with:\n${tail(logFile)}`,
      );
    }
    await sleep(50);
  }
}

function tail(file: string): string {
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-15).join("\n");
}

/** Ends the gateway, and what is left of it after a crash. Processes are ended by the id that was written at the start. */
export async function stopCloudDaemon(lab: Lab): Promise<void> {
  const record = readRecord(lab);
  if (record === undefined) return;
  for (const pid of [record.pid, record.motoPid]) {
    if (isOurs(pid)) await endProcess(pid);
  }
  fs.rmSync(labPaths(lab).cloud, { force: true });
}

/** A process id may have been given to another program since. */
function isOurs(pid: number): boolean {
  if (!alive(pid)) return false;
  try {
    return /gateway\.cjs|moto/.test(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

async function endProcess(pid: number): Promise<void> {
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + 5000;
  while (alive(pid)) {
    if (Date.now() > deadline) {
      process.kill(pid, "SIGKILL");
      return;
    }
    await sleep(20);
  }
}
