/** The fake AWS as a process that stays when a command ends. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { get } from "node:http";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Health } from "./api/admin/types";
import { writeAwsFiles } from "./aws-files";
import { bundlePath } from "./engine/bundle";
import { alive } from "./engine/lock";
import { letIn } from "./environment";
import { type Lab, labPaths, labRegion, processMark } from "./lab";
import {
  endProcess,
  type FoundProcess,
  processesMarked,
  processesWithArguments,
  untilGone,
} from "./processes";

/** What the gateway writes when it serves. */
export interface CloudRecord {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly motoPid: number;
  readonly cloudId: string;
  readonly startedAt: string;
  /** The file that this was written to: another one's folder, if that was copied or moved. */
  readonly readyFile?: string;
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

/** The folder of the lab that the record was written for, if it isn't this lab's. */
function copiedFrom(lab: Lab, { readyFile }: CloudRecord): string | undefined {
  if (readyFile === undefined || readyFile === labPaths(lab).cloud) return undefined;
  const folder = path.dirname(readyFile);
  const same = fs.existsSync(folder) && fs.realpathSync(folder) === fs.realpathSync(lab.directory);
  return same ? undefined : folder;
}

export async function cloudStatus(lab: Lab): Promise<CloudStatus> {
  const record = readRecord(lab);
  if (record === undefined) return { state: "stopped" };
  const origin = copiedFrom(lab, record);
  if (origin !== undefined) {
    return { state: "died", record, reason: `it belongs to ${origin}: this folder was moved or copied` };
  }
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
    env: { ...letIn(process.env), FAILOVER_LAB_DIR: lab.directory, [processMark]: lab.directory },
  });
  fs.closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `it ended with ${signal ?? `exit code ${String(code)}`}`));
  for (;;) {
    const record = readRecord(lab);
    if (record?.pid === child.pid && record !== undefined) {
      child.unref();
      writeAwsFiles(lab.directory, record.url, labRegion);
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

/**
 * Ends the fake AWS of this lab: the one that was written down, one that is just starting, and what is left after a
 * crash. Not the one of a lab that this folder is a copy of.
 * @returns what still runs in this lab's environment, such as a Pulumi of another terminal
 */
export async function stopCloudDaemon(lab: Lab): Promise<FoundProcess[]> {
  const paths = labPaths(lab);
  const record = readRecord(lab);
  const own = record !== undefined && copiedFrom(lab, record) === undefined;
  const written = own ? [record.pid, record.motoPid].filter(isOurs) : [];
  const found = processesWithArguments("--ready-file", paths.cloud).map(({ pid }) => pid);
  await Promise.all([...new Set([...written, ...found])].map(endProcess));
  fs.rmSync(paths.cloud, { force: true });
  return await untilGone(() => processesMarked(processMark, lab.directory), 5);
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
