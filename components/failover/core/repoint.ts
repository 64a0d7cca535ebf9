/** Re-points all of a service's pointers, or none: write, read back, and on failure take back. */
import { MoveFailed, type Place } from "./contract";
import { type Limits } from "./context";
import { describe } from "./errors";
import { type FinalEntry, type Goal, type Ledger } from "./ledger";
import { type Entries, placesOf, type Pointers } from "./pointers";
import { deadlineIn } from "./retry";
import { type Stopwatch } from "./stopwatch";

export interface Undertaking {
  /** For the error, e.g. `Moving overlay IP 192.168.10.1/32 to node2`. */
  what: string;
  watch: Stopwatch;
  limits: Limits;
}

/**
 * Points all of them to the target. Returns whether anything was changed, and warnings; throws `MoveFailed` when they
 * are not on the target.
 */
export async function repoint<Value>(
  ledger: Ledger<Value>,
  target: Value,
  { what, watch, limits }: Undertaking,
): Promise<{ moved: boolean; warnings: string[] }> {
  const deadline = deadlineIn(limits.move);
  const goal: Goal<Value> = () => target;
  // That there is nothing to do, or that a half move was left behind, isn't believed at first sight: the look may have
  // been stale, e.g. when the service has just been moved the other way.
  if (!ledger.startsFromOne(target))
    await watch.time("look again", () => ledger.isAt(goal, deadlineIn(limits.look)));
  const due = ledger.offGoal(goal);
  if (due.length === 0) return { moved: false, warnings: [] };
  const failure = await watch.time(
    "re-point",
    () => ledger.bring(due, goal, { deadline, stopAtFirst: true }),
    due.join(", "),
  );
  let reason: string;
  if (failure === undefined) {
    const verdict = await watch.time("verify", () => ledger.verify(goal, deadline, { alive: true }));
    if (verdict.state === "reached") return { moved: true, warnings: [] };
    if (verdict.state === "unreadable" && ledger.offGoal(goal).length === 0) {
      // AWS has acknowledged every write. To take them back because a look failed would trade a service that
      // probably works for one that probably doesn't.
      const warning = `AWS acknowledged every change, but it could not be read back: ${describe(verdict.error)}`;
      return { moved: true, warnings: [warning] };
    }
    reason = verdict.state === "unreadable" ? describe(verdict.error) : verdict.reason;
  } else {
    // The last reply may have been lost after the write was applied.
    const readBack = deadlineIn(limits.look);
    if (ledger.touched && (await watch.time("read back", () => ledger.isAt(goal, readBack))))
      return { moved: true, warnings: [] };
    reason = `${failure.name}: ${describe(failure.error)}`;
  }
  const warning = await takeBack(ledger, target, { what, watch, limits }, { reason, cause: failure?.error });
  return { moved: true, warnings: [warning] };
}

/**
 * Everything back on what it was before; throws the error that says how that ended. Unless it turns out at last that
 * the move has succeeded, and it's the taking back that could not be done: then returns a warning.
 */
async function takeBack<Value>(
  ledger: Ledger<Value>,
  target: Value,
  { what, watch, limits }: Undertaking,
  { reason, cause }: { reason: string; cause: unknown },
): Promise<string> {
  const { steps } = watch;
  const { pointers, before } = ledger;
  const asBefore = { reason, cause, steps, places: placesOf(pointers, before) };
  if (!ledger.touched) throw new MoveFailed(what, { outcome: "unchanged", ...asBefore });

  const end = await putBack(ledger, { what, watch, limits });
  if (end === undefined) throw new MoveFailed(what, { outcome: "undone", ...asBefore });
  if (agree(pointers, end.entries, () => target))
    return `the move went through at last, after it was taken for failed: ${reason}`;
  throw new MoveFailed(what, {
    outcome: "mixed",
    reason: `${reason}. Taking it back failed, too: ${end.why}`,
    cause,
    places: finalPlaces(pointers, end.entries),
    repair: {
      finish: repairCommands(pointers, end.entries, () => target),
      restore: repairCommands(pointers, end.entries, (name) => before.get(name)?.target),
    },
    steps,
  });
}

type FinalEntries<Value> = Map<string, FinalEntry<Value>>;

/** Undefined when everything is as before; else why not, and what there is now. */
async function putBack<Value>(
  ledger: Ledger<Value>,
  { watch, limits }: Undertaking,
): Promise<{ why: string; entries: FinalEntries<Value> } | undefined> {
  const goal: Goal<Value> = (_name, before) => before.target;
  const deadline = deadlineIn(limits.undo);
  const verdict = await watch.time("undo", async () => {
    await ledger.bring(ledger.offGoal(goal), goal, { deadline, stopAtFirst: false });
    return ledger.verify(goal, deadline, { alive: false });
  });
  if (verdict.state === "reached") return undefined;
  // If it can't be read back, but AWS has acknowledged every write, that is as good.
  if (verdict.state === "unreadable" && ledger.offGoal(goal).length === 0) return undefined;
  const entries = await watch.time("final state", () => ledger.finalEntries(limits.look));
  const { before } = ledger;
  if (agree(ledger.pointers, entries, (name) => before.get(name)?.target)) return undefined;
  return { why: verdict.state === "off" ? verdict.reason : describe(verdict.error), entries };
}

function agree<Value>(
  pointers: Pointers<Value>,
  entries: FinalEntries<Value>,
  wanted: (name: string) => Value | undefined,
): boolean {
  return [...entries].every(
    ([name, entry]) => entry.uncertain === undefined && pointers.same(entry.target, wanted(name)),
  );
}

function finalPlaces<Value>(pointers: Pointers<Value>, entries: FinalEntries<Value>): Place[] {
  return [...entries].map(([name, { uncertain, ...entry }]) => ({
    ...pointers.place(name, entry),
    ...(uncertain === undefined ? {} : { uncertain }),
  }));
}

function repairCommands<Value>(
  pointers: Pointers<Value>,
  entries: Entries<Value> & FinalEntries<Value>,
  wanted: (name: string) => Value | undefined,
): string[] {
  return [...entries].flatMap(([name, { target, uncertain }]) => {
    const want = wanted(name);
    return uncertain === undefined && pointers.same(target, want) ? [] : pointers.repair(name, want, target);
  });
}
