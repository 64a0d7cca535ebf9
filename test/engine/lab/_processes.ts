/** The processes that a command has started, by what they do. */
import * as fs from "node:fs";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly line: string;
}

function processes(): Process[] {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = fs.readFileSync(`/proc/${name}/stat`, "utf8");
        const line = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]), line }];
      } catch (error) {
        // It has ended meanwhile.
        if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
        throw error;
      }
    });
}

/** What a process has started, and what that has started in turn, as far as the links between them still exist. */
export function descendants(pid: number): Process[] {
  const all = processes();
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** The parts of an update that may be killed on their own. */
export const parts = {
  pulumi: /(^|\/)pulumi up /,
  provider: /dynamic-provider/,
  program: /cmd\/run\b/,
} as const;

/** @throws when there is no such part, or more than one */
export function partOf(pid: number, part: keyof typeof parts): number {
  const found = descendants(pid).filter(({ line }) => parts[part].test(line));
  const [one] = found;
  if (one === undefined || found.length > 1)
    throw new Error(`${found.length} processes are the ${part} of ${pid}:\n${lines(descendants(pid))}`);
  return one.pid;
}

const lines = (all: readonly Process[]): string => all.map(({ pid, line }) => `${pid} ${line}`).join("\n");

/** Ends a command and everything that it has started, at once. */
export function killAll(pid: number): void {
  for (const one of [pid, ...descendants(pid).map((child) => child.pid)]) {
    try {
      process.kill(one, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
