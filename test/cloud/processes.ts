/**
 * Finds processes of this project by what they were started with: a variable in their environment, or arguments that
 * name a file of a lab. Never by a program's name, which others may have, too. Read from /proc: on systems without it
 * nothing is found.
 */
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { alive } from "./engine/lock";

export interface FoundProcess {
  readonly pid: number;
  /** The command line, for people. */
  readonly command: string;
}

/** Returns the processes that have the variable with this value, but for this one and those that it runs in. */
export function processesMarked(name: string, value: string): FoundProcess[] {
  const own = ancestors(process.pid);
  const mark = `${name}=${value}`;
  return processIds()
    .filter((pid) => !own.has(pid) && listOf(pid, "environ").includes(mark))
    .flatMap(described);
}

/** Returns the processes whose arguments contain these, one after the other. */
export function processesWithArguments(...wanted: readonly string[]): FoundProcess[] {
  const has = (args: readonly string[]): boolean =>
    args.some((_arg, at) => wanted.every((text, index) => args[at + index] === text));
  return processIds()
    .filter((pid) => has(listOf(pid, "cmdline")))
    .flatMap(described);
}

/** Waits until `find` finds nothing any more. @returns what is still there after the given time */
export async function untilGone(find: () => FoundProcess[], seconds: number): Promise<FoundProcess[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = find();
    if (found.length === 0 || Date.now() > deadline) return found;
    await sleep(50);
  }
}

/** Asks a process to end, and makes it end when it hasn't after 5 seconds. */
export async function endProcess(pid: number): Promise<void> {
  signal(pid, "SIGTERM");
  const deadline = Date.now() + 5000;
  while (alive(pid)) {
    if (Date.now() > deadline) signal(pid, "SIGKILL");
    await sleep(20);
  }
}

/** One that has just ended needs no signal. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function processIds(): number[] {
  if (!fs.existsSync("/proc/self/environ")) return [];
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function described(pid: number): FoundProcess[] {
  const command = listOf(pid, "cmdline").join(" ").trim();
  // What has ended, and is kept by its parent only, has no command line any more.
  return command === "" ? [] : [{ pid, command }];
}

/** A list of texts, each with a zero byte at its end. Other users' processes, and those that have ended, show nothing. */
function listOf(pid: number, file: "environ" | "cmdline"): string[] {
  return read(`/proc/${pid}/${file}`).split("\0");
}

function ancestors(pid: number): Set<number> {
  const found = new Set<number>();
  for (let at = pid; at > 1 && !found.has(at);) {
    found.add(at);
    // The command's name, in parentheses, may contain anything; the state and the parent follow it.
    at = Number(/\) \S (\d+) [^)]*$/.exec(read(`/proc/${at}/stat`))?.[1] ?? 0);
  }
  return found;
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return "";
    throw error;
  }
}
