/** The processes that a host or daemon started, so that none outlives it. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** How long one that was asked to end may take, in milliseconds: a program may be writing something. */
const GRACE_MS = 3000;

export class Children {
  private readonly running = new Set<ChildProcess>();

  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, options);
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    child.once("error", () => this.running.delete(child));
    return child;
  }

  /** Asks all to end. @param ended called when none is left */
  stop(ended: () => void = () => undefined): void {
    const left = new Set(this.running);
    for (const child of left) {
      child.once("exit", () => {
        if (left.delete(child) && left.size === 0) ended();
      });
      endChild(child);
    }
    if (left.size === 0) ended();
  }

  /** Ends all at once, for a process that has no time left itself. */
  kill(): void {
    for (const child of this.running) child.kill("SIGKILL");
  }
}

/** Asks a child to end, and ends it when it doesn't listen: who presses Ctrl-C must not wait for ever. */
export function endChild(child: ChildProcess): void {
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  child.once("exit", () => {
    clearTimeout(insist);
  });
}

/**
 * Ends this process soon after its parent has died. A SIGKILL of the CLI reaches none of the processes that it started,
 * and one that goes on alone could finish an old failover while a newer one runs.
 */
export function exitWhenOrphaned(before: () => void = () => undefined): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    before();
    process.exit(1);
  }, 100).unref();
}
