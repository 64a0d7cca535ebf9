/** How long a command waits for others: one bound for everything that it waits for before it begins. */
import { userInfo } from "node:os";
import { UserError } from "./command";

/** Seconds that a command waits; a full update, or the detachment of an interface that hangs, may take minutes. */
export const waitVariable = "FAILOVER_LAB_WAIT";
const defaultSeconds = 600;

/** The one command that gets past a lock which nobody will give up any more; it waits for nothing itself. */
export const pastTheLock = "npm run pulumi -- cancel --yes";

export interface Patience {
  readonly seconds: number;
  /** Milliseconds that are left, at least 0. */
  left(): number;
}

/**
 * @param given seconds, as an option or the variable has them
 * @throws UserError when that is no number of seconds
 */
export function patience(given = process.env[waitVariable] ?? String(defaultSeconds)): Patience {
  const seconds = Number(given);
  if (given.trim() === "" || !Number.isFinite(seconds) || seconds < 0)
    throw new UserError(
      `${JSON.stringify(given)} is no time to wait: give seconds, e.g. 600 (--wait, or ${waitVariable}).`,
    );
  const end = performance.now() + seconds * 1000;
  return { seconds, left: () => Math.max(0, end - performance.now()) };
}

/** For what has a time limit of its own. */
export const endless: Patience = { seconds: Infinity, left: () => Infinity };

/**
 * What to say when somebody else's lock outlasted the wait.
 * @param command gives that lock up
 */
export function stillLocked(owner: string, bound: Patience, command: string): string {
  return (
    `The stack is still locked by ${owner}, after ${bound.seconds} s of waiting: nothing was done here. If that update ` +
    `is known to have ended, give its lock up with: ${command}. If not, wait for it, longer than now with ` +
    `${waitVariable}=SECONDS, and run this again.`
  );
}

/** The user that runs this process, for those who have to wait for it, and for the log. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // In a container a user id may have no name.
    if ((error as NodeJS.ErrnoException).code === "ERR_SYSTEM_ERROR")
      return String(process.getuid?.() ?? "?");
    throw error;
  }
}
