/** The promise of every move: it reaches its goal, or takes back what it did, or says exactly what it left. */
import { MoveFailed, type Place, type Repair } from "./contract";
import type { Stopwatch } from "./stopwatch";

/** How an attempt to reach the goal has ended. */
export type Gone =
  | { readonly moved: boolean; readonly warnings: string[] }
  | { readonly reason: string; readonly cause?: unknown };

/** What there is when nothing that was tried can change it any more. */
export type End =
  | { readonly at: "goal" }
  | { readonly at: "before" }
  | { readonly at: "neither"; readonly places: Place[]; readonly repair: Repair };

export interface Move {
  /** Tries to reach the goal. Has looked once more before it says that it is not there. */
  go(): Promise<Gone>;
  /** Whether anything may have been changed. */
  touched(): boolean;
  /** What there was before. */
  before(): Place[];
  /** Puts everything back. Undefined: it is as before; else why that can't be said. */
  back(): Promise<string | undefined>;
  end(): Promise<End>;
}

/**
 * Moves, or takes back.
 * @param what for the error, e.g. `Moving overlay IP 192.168.10.1/32 to node2`
 * @returns whether anything was changed, and what people should know although it is at its goal
 * @throws MoveFailed when it is not
 */
export async function moveOrTakeBack(
  what: string,
  { steps }: Stopwatch,
  move: Move,
): Promise<{ moved: boolean; warnings: string[] }> {
  const gone = await move.go();
  if ("moved" in gone) return gone;
  const { reason, cause } = gone;
  const asBefore = { reason, cause, steps, places: move.before() };
  if (!move.touched()) throw new MoveFailed(what, { outcome: "unchanged", ...asBefore });
  const why = await move.back();
  if (why === undefined) throw new MoveFailed(what, { outcome: "undone", ...asBefore });
  const end = await move.end();
  if (end.at === "before") throw new MoveFailed(what, { outcome: "undone", ...asBefore });
  if (end.at === "goal")
    return {
      moved: true,
      warnings: [`the move went through at last, after it was taken for failed: ${reason}`],
    };
  const { places, repair } = end;
  const both = `${reason}. Taking it back failed, too: ${why}`;
  throw new MoveFailed(what, { outcome: "mixed", reason: both, cause, places, repair, steps });
}
