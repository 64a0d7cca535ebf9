/** The parts of a command that may be killed on their own. */
import { descendants, type Running } from "../lifecycle/_processes";

/** The parts of an update that may be killed on their own. */
export const parts = {
  pulumi: /(^|\/)pulumi up /,
  provider: /dynamic-provider/,
} as const;

/** @throws when there is no such part, or more than one */
export function partOf(pid: number, part: keyof typeof parts): number {
  const found = descendants(pid).filter(({ commandLine }) => parts[part].test(commandLine));
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new Error(`${found.length} processes are the ${part} of ${pid}:\n${lines(descendants(pid))}`);
  return one.pid;
}

const lines = (all: readonly Running[]): string =>
  all.map(({ pid, commandLine }) => `${pid} ${commandLine}`).join("\n");

/** Ends a command and everything that it has started, at once. @param but processes that stay */
export function killAll(pid: number, but: readonly number[] = []): void {
  const all = [pid, ...descendants(pid).map((child) => child.pid)];
  for (const one of all.filter((each) => !but.includes(each))) {
    try {
      process.kill(one, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
