/** Commands whose processes can be counted: all that they start, directly or not, carry a mark of the test's own. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../cloud/lab";
import { type FoundProcess, processesMarked, untilGone } from "../../cloud/processes";

/** Any name that is let in would do. */
const mark = "FAILOVER_COUNTED";

export class Counted {
  readonly value = randomUUID();

  /** Starts a program in a process group of its own, as a shell does. */
  start(
    program: string,
    args: readonly string[],
    more: NodeJS.ProcessEnv = {},
  ): ChildProcess & { pid: number } {
    const env = { ...process.env, ...more, [mark]: this.value };
    const child = spawn(program, args, { cwd: projectRoot(), env, detached: true, stdio: "ignore" });
    if (child.pid === undefined) throw new Error(`${program} could not be started`);
    return child as ChildProcess & { pid: number };
  }

  get running(): FoundProcess[] {
    return processesMarked(mark, this.value);
  }

  /** Waits until a gateway runs, its ready file written or not. @returns the folder of its lab */
  async gateway(): Promise<string> {
    for (;;) {
      for (const { command } of this.running) {
        const file = /gateway\.cjs .*--ready-file (\S+)/.exec(command)?.[1];
        if (file !== undefined) return path.dirname(file);
      }
      await sleep(20);
    }
  }

  /** What is still there 10 seconds later at most. */
  async left(): Promise<FoundProcess[]> {
    return await untilGone(() => this.running, 10);
  }
}
