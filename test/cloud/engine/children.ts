/** The processes that a host or daemon started, so that none outlives it. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

export class Children {
  private readonly running = new Set<ChildProcess>();

  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, options);
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    child.once("error", () => this.running.delete(child));
    return child;
  }

  stop(): void {
    for (const child of this.running) child.kill("SIGTERM");
  }
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
