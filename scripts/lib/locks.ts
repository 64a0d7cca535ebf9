/** The engine's locks on the offline stack, in the file backend: who has them, and which of them are left over. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Lab, labPaths } from "../../test/cloud/lab";
import { isPulumi } from "./processes";
import { UserError } from "./command";
import { pastTheLock, type Patience, stillLocked } from "./patience";
import { project, stateFile } from "./state";

/** What is known of a lock: its owner may be on another machine, and its content may be anything. */
export interface Lock {
  readonly file: string;
  /** Who, and since when, for people. */
  readonly owner: string;
  /** The process, if it is (or was) one of this machine. */
  readonly pid?: number;
}

export const lockFolder = (lab: Lab): string =>
  path.join(labPaths(lab).state, ".pulumi", "locks", "organization", project, lab.stack);

/** Beside each file of the backend lies one with its attributes, which is no lock. */
const attributes = ".attrs";

/** @returns the locks that are there at this moment */
export function locksOf(lab: Lab): Lock[] {
  const folder = lockFolder(lab);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => !name.endsWith(attributes))
    .flatMap((name) => readLock(path.join(folder, name)) ?? []);
}

/** Undefined: the lock has just been given up. */
function readLock(file: string): Lock | undefined {
  let text: string;
  let since: string;
  try {
    text = fs.readFileSync(file, "utf8");
    since = fs.statSync(file).mtime.toISOString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const content = parsed(text);
  if (typeof content?.pid !== "number" || typeof content.hostname !== "string")
    return { file, owner: `somebody whom the lock does not name (${path.basename(file)}, since ${since})` };
  const { pid, hostname, username = "?", timestamp = since } = content;
  const owner = `${String(username)}@${hostname} (process ${pid}, since ${String(timestamp)})`;
  return { file, owner, ...(hostname === os.hostname() ? { pid } : {}) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the lock's process is provably gone: one of this machine, and no Pulumi runs under its id. */
const isStale = ({ pid }: Lock): boolean => pid !== undefined && !isPulumi(pid);

/**
 * Removes what a kill has left half-written beside the state: the backend writes a file's attributes in place, and reads
 * no file whose attributes it can't read. Without them it reads the file as well.
 */
function mendAttributes(lab: Lab): void {
  const file = `${stateFile(lab)}${attributes}`;
  if (fs.existsSync(file) && parsed(fs.readFileSync(file, "utf8")) === undefined) fs.rmSync(file);
}

/**
 * Makes sure that nobody is at the state: removes the locks of processes that are provably dead, and waits for the rest.
 * @returns whether a dead one was found, so that the state may be behind the cloud
 * @throws UserError when a lock is still there at the end of the time; it says whose it is, and how to get past it
 */
export async function claimState(
  lab: Lab,
  bound: Patience,
  report: (line: string) => void,
): Promise<boolean> {
  let interrupted = false;
  let told: string | undefined;
  for (;;) {
    const locks = locksOf(lab);
    for (const { file, pid } of locks.filter(isStale)) {
      report(
        `An earlier update (process ${String(pid)}) was killed and left its lock: it is stale, and is removed.`,
      );
      for (const one of [file, `${file}${attributes}`]) fs.rmSync(one, { force: true });
      mendAttributes(lab);
      interrupted = true;
    }
    const held = locks.find((lock) => !isStale(lock));
    if (held === undefined) return interrupted;
    if (bound.left() <= 0) throw new UserError(stillLocked(held.owner, bound, pastTheLock));
    if (told !== held.owner)
      report(
        `Another update is running, by ${held.owner}: waiting for it, at most ${Math.ceil(bound.left() / 1000)} s. ` +
          `If it is known to have ended: ${pastTheLock}`,
      );
    told = held.owner;
    await sleep(200);
  }
}
