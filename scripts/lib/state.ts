/** The offline stack's state in the file backend: whether there is any, and who is at it. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alive } from "../../test/cloud/engine/lock";
import { type Lab, labPaths } from "../../test/cloud/lab";

const project = "failover-lab";

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
}

export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly unknown[];
}

export interface StackState {
  readonly exists: boolean;
  readonly resources: number;
  /** Operations whose end the engine has not seen, because it was killed. */
  readonly pending: number;
}

/** What the file backend has on a lab's stack; undefined when there is no such stack. */
export function deploymentOf(lab: Lab): Deployment | undefined {
  const file = path.join(labPaths(lab).state, ".pulumi", "stacks", project, `${lab.stack}.json`);
  if (!fs.existsSync(file)) return undefined;
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as {
    checkpoint?: { latest?: Deployment };
  };
  return checkpoint?.latest ?? {};
}

export function stackState(lab: Lab): StackState {
  const deployment = deploymentOf(lab);
  return {
    exists: deployment !== undefined,
    resources: deployment?.resources?.length ?? 0,
    pending: deployment?.pending_operations?.length ?? 0,
  };
}

interface Lock {
  readonly pid?: number;
  readonly hostname?: string;
  readonly timestamp?: string;
}

function lockFiles(lab: Lab): string[] {
  const folder = path.join(labPaths(lab).state, ".pulumi", "locks", "organization", project, lab.stack);
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).map((name) => path.join(folder, name));
}

/** Undefined: the lock has just been given up. */
function readLock(file: string): Lock | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Lock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (error instanceof SyntaxError) return {}; // its writer was killed in the middle
    throw error;
  }
}

/** A process id may have been given to another program since the lock was taken. */
function isPulumi(pid: number): boolean {
  if (!alive(pid)) return false;
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pulumi");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/**
 * Makes sure that nobody is at the state: waits for an update that is running, and removes the lock of one that is
 * provably dead (this host, and no such Pulumi process).
 * @returns whether a dead one was found, so that the state may be behind the cloud
 */
export async function claimState(lab: Lab, report: (line: string) => void): Promise<boolean> {
  let interrupted = false;
  for (const file of lockFiles(lab)) {
    for (let told = false; ;) {
      const lock = readLock(file);
      if (lock === undefined) break;
      const { pid = 0, hostname = os.hostname() } = lock;
      if (hostname === os.hostname() && !isPulumi(pid)) {
        report(
          `An earlier update (process ${pid}) was killed and left its lock: it is stale, and is removed.`,
        );
        fs.rmSync(file, { force: true });
        interrupted = true;
        break;
      }
      if (!told) report(`Another update is running (process ${pid} on ${hostname}): waiting for it …`);
      told = true;
      await sleep(200);
    }
  }
  return interrupted;
}
