/** The processes that a command has started, by what they are. */
import * as fs from "node:fs";

export interface Running {
  readonly pid: number;
  readonly commandLine: string;
}

function parentOf(pid: string): number | undefined {
  try {
    // The name in brackets may hold spaces; the parent is the second word after it.
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // it has ended in the meantime
  }
}

function commandLineOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Everything below a process, in no order. */
export function descendants(root: number): Running[] {
  const children = new Map<number, string[]>();
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: Running[] = [];
  const queue = [...(children.get(root) ?? [])];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    found.push({ pid: Number(pid), commandLine: commandLineOf(pid) });
    queue.push(...(children.get(Number(pid)) ?? []));
  }
  return found;
}
