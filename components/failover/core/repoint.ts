/** Re-points all of a service's pointers, or none: write, read back, and on failure take back. */
import { type Place } from "./contract";
import { type Limits } from "./context";
import { describe } from "./errors";
import { type FinalEntry, type Goal, type Ledger } from "./ledger";
import { type End, type Gone, moveOrTakeBack } from "./move";
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
export function repoint<Value>(
  ledger: Ledger<Value>,
  target: Value,
  undertaking: Undertaking,
): Promise<{ moved: boolean; warnings: string[] }> {
  const { what, watch } = undertaking;
  return moveOrTakeBack(what, watch, {
    go: () => go(ledger, target, undertaking),
    touched: () => ledger.touched,
    before: () => placesOf(ledger.pointers, ledger.before),
    back: () => putBack(ledger, undertaking),
    end: () => finalState(ledger, target, undertaking),
  });
}

async function go<Value>(
  ledger: Ledger<Value>,
  target: Value,
  { watch, limits }: Undertaking,
): Promise<Gone> {
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
  if (failure === undefined) {
    const verdict = await watch.time("verify", () => ledger.verify(goal, deadline, { alive: true }));
    if (verdict.state === "reached") return { moved: true, warnings: [] };
    if (verdict.state === "off") return { reason: verdict.reason };
    if (ledger.offGoal(goal).length > 0) return { reason: describe(verdict.error) };
    // AWS has acknowledged every write. To take them back because a look failed would trade a service that
    // probably works for one that probably doesn't.
    const warning = `AWS acknowledged every change, but it could not be read back: ${describe(verdict.error)}`;
    return { moved: true, warnings: [warning] };
  }
  // The last reply may have been lost after the write was applied.
  const readBack = deadlineIn(limits.look);
  if (ledger.touched && (await watch.time("read back", () => ledger.isAt(goal, readBack))))
    return { moved: true, warnings: [] };
  return { reason: `${failure.name}: ${describe(failure.error)}`, cause: failure.error };
}

async function putBack<Value>(
  ledger: Ledger<Value>,
  { watch, limits }: Undertaking,
): Promise<string | undefined> {
  const goal: Goal<Value> = (_name, before) => before.target;
  const deadline = deadlineIn(limits.undo);
  const verdict = await watch.time("undo", async () => {
    await ledger.bring(ledger.offGoal(goal), goal, { deadline, stopAtFirst: false });
    return ledger.verify(goal, deadline, { alive: false });
  });
  if (verdict.state === "reached") return undefined;
  // If it can't be read back, but AWS has acknowledged every write, that is as good.
  if (verdict.state === "unreadable" && ledger.offGoal(goal).length === 0) return undefined;
  return verdict.state === "off" ? verdict.reason : describe(verdict.error);
}

type FinalEntries<Value> = Map<string, FinalEntry<Value>>;
type Wanted<Value> = (name: string) => Value | undefined;

async function finalState<Value>(
  ledger: Ledger<Value>,
  target: Value,
  { watch, limits }: Undertaking,
): Promise<End> {
  const entries = await watch.time("final state", () => ledger.finalEntries(limits.look));
  const { pointers, before } = ledger;
  const wasBefore: Wanted<Value> = (name) => before.get(name)?.target;
  if (agree(pointers, entries, wasBefore)) return { at: "before" };
  if (agree(pointers, entries, () => target)) return { at: "goal" };
  return {
    at: "neither",
    places: finalPlaces(pointers, entries),
    repair: {
      finish: repairCommands(pointers, entries, () => target),
      restore: repairCommands(pointers, entries, wasBefore),
    },
  };
}

function agree<Value>(
  pointers: Pointers<Value>,
  entries: FinalEntries<Value>,
  wanted: Wanted<Value>,
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
  wanted: Wanted<Value>,
): string[] {
  return [...entries].flatMap(([name, { target, uncertain }]) => {
    const want = wanted(name);
    return uncertain === undefined && pointers.same(target, want) ? [] : pointers.repair(name, want, target);
  });
}
