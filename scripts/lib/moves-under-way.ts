/**
 * Moves that go on although the update that began them is gone: the provider finishes or takes back what it has begun in a
 * process of its own, and keeps a journal of it. Where a service is can be said only when that has come to its end.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  endOf,
  isUnderWay,
  type MoveRecord,
  readRecords,
  removeRecord,
} from "../../components/failover/mover/journal";
import { UserError } from "./command";
import type { Patience } from "./patience";

/**
 * Waits until no such move is under way any more. Each has a time limit of its own, so this ends.
 * @param ours which moves are waited for
 * @param bound for how long the caller wants to wait; without it, as long as the moves may take
 * @throws UserError when the caller's time is over
 */
export async function awaitMoves(
  root: string,
  ours: (move: MoveRecord) => boolean,
  report: (line: string) => void,
  bound?: Patience,
): Promise<void> {
  const told = new Set<string>();
  for (;;) {
    const move = readRecords(root).filter(isUnderWay).find(ours);
    if (move === undefined) break;
    const name = `${move.label} to ${move.to}`;
    const seconds = Math.ceil((endOf(move) - Date.now()) / 1000);
    if (bound !== undefined && bound.left() <= 0)
      throw new UserError(
        `The move of ${name}, which an earlier update began, is still under way (process ${move.pid}, at most ` +
          `${seconds} s more): nothing was done here. Run this again then.`,
      );
    if (!told.has(name))
      report(
        `The move of ${name}, which an earlier update began, is still under way (process ${move.pid}): waiting for its end, at most ${seconds} s …`,
      );
    told.add(name);
    await sleep(100);
  }
  tellEnded(root, ours, report);
}

const ends: Readonly<Record<NonNullable<MoveRecord["outcome"]>, string>> = {
  moved: "it was moved",
  unchanged: "nothing was changed",
  undone: "what was done was taken back",
  mixed: "it was left half done",
  failed: "it failed",
};

/** What came of moves whose update had ended before they did: it is said once. */
function tellEnded(root: string, ours: (move: MoveRecord) => boolean, report: (line: string) => void): void {
  for (const move of readRecords(root).filter((one) => one.state === "done" && ours(one))) {
    const what = `The move of ${move.label} to ${move.to}, whose update was ended in the middle, has come to its end`;
    report([`${what}: ${ends[move.outcome ?? "failed"]}.`, move.message ?? ""].join("\n").trim());
    removeRecord(root, move);
  }
}
