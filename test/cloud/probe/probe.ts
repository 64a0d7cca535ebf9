/** A probing client, started in the network of a host, and what it has seen. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Request } from "./answers";
import type { ProbeTarget } from "./requests";

export interface Probe {
  /** What it has seen so far. */
  readonly requests: readonly Request[];
  /**
   * Waits for a request for which this holds, those included that have ended already.
   *
   * @param ms how long at most
   * @returns whether there was one
   */
  until(holds: (one: Request) => boolean, ms: number): Promise<boolean>;
  /** Ends it, and waits for the requests that are under way. */
  end(): Promise<readonly Request[]>;
}

/**
 * Starts a probing client.
 *
 * @param command what runs a program in the network of the client, such as `["nsenter", "-n", "-t", "4711"]`
 * @param program the probing client's own, as JavaScript
 */
export function startProbe(command: readonly string[], program: string, target: ProbeTarget): Probe {
  const [first = process.execPath, ...rest] = [...command, process.execPath, program, JSON.stringify(target)];
  // A process group of its own: Ctrl-C ends what is measured, and the probe ends with this process.
  const child = spawn(first, rest, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const requests: Request[] = [];
  const listeners = new Set<() => void>();
  let failure: Error | undefined;
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const over = new Promise<void>((resolve) => {
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      requests.push(JSON.parse(line) as Request);
      tell();
    });
    const finish = (error?: Error): void => {
      failure ??= error;
      resolve();
      tell();
    };
    child.once("error", finish);
    child.once("close", (code) => {
      finish(code === 0 ? undefined : new Error(`The probing client ended with ${String(code)}`));
    });
    child.stdin.on("error", () => undefined);
  });
  const until: Probe["until"] = (holds, ms) =>
    new Promise((resolve, reject) => {
      let seen = 0;
      const settle = (found: boolean): void => {
        clearTimeout(timer);
        listeners.delete(look);
        if (failure === undefined) resolve(found);
        else reject(failure);
      };
      const look = (): void => {
        const fresh = requests.slice(seen);
        seen = requests.length;
        if (failure !== undefined || fresh.some(holds)) settle(true);
      };
      const timer = setTimeout(() => {
        settle(false);
      }, ms);
      listeners.add(look);
      look();
    });
  const end: Probe["end"] = async () => {
    child.stdin.end();
    await over;
    if (failure !== undefined) throw failure;
    return requests;
  };
  return { requests, until, end };
}
