/** Locks of a stack, as Pulumi names them when it refuses an update, and how one that was left behind is cleared. */
import { hostname } from "node:os";
import { UserError } from "../lib/command";
import { isPulumi, runProgram } from "../lib/processes";
import type { Workspace } from "./workspace";

export interface Holder {
  readonly user: string;
  readonly pid: number;
  readonly since: string;
}

/**
 * Reads whose locks they are from the words of the self-managed backends (`diy/lock.go`): there is no other source, for a
 * lock is a file of the backend. Another backend names nobody.
 */
export function holdersOf(stderr: string): Holder[] {
  return [...stderr.matchAll(/created by (\S+) \(pid (\d+)\) at (\S+)/g)].map(
    ([, user = "", pid, since = ""]) => ({
      user,
      pid: Number(pid),
      since,
    }),
  );
}

/** For people. */
export function ownerOf(stderr: string): string {
  const [holder] = holdersOf(stderr);
  if (holder === undefined) return `somebody else (${stderr.trim().split("\n")[0] ?? ""})`;
  return `${holder.user} (process ${holder.pid}, since ${holder.since})`;
}

/** Whether all of them were left behind, provably: by processes of this machine that are gone. */
export function areLeftBehind(holders: readonly Holder[]): boolean {
  return (
    holders.length > 0 && holders.every(({ user, pid }) => user.endsWith(`@${hostname()}`) && !isPulumi(pid))
  );
}

/** Clears all locks of the stack. */
export async function clearLocks({ pulumi, stack, root, env }: Workspace): Promise<void> {
  const args = ["cancel", "--yes", "--stack", stack];
  const { code, stderr } = await runProgram(pulumi, args, { cwd: root, env, output: "capture" });
  if (code !== 0) throw new UserError(`The lock of stack ${stack} could not be cleared:\n${stderr.trim()}`);
}
