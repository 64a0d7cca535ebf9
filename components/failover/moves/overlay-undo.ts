/** Taking back an overlay IP's move: at once, when it failed half way, or later, on demand. */
import { MoveFailed, type Place, type Repair, type Step } from "./contract";
import { type Context, type Ec2Calls } from "./context";
import { describe } from "./errors";
import { type Goal, RouteLedger } from "./ledger";
import { nodeOf, type OverlayIpService, placesOf, resolved } from "./overlay-service";
import { repairCommands } from "./repair";
import { deadlineIn } from "./retry";
import { type Entries, readEntries, type Target } from "./routes";
import { Stopwatch } from "./stopwatch";

/** Route table id to what it led to; null: it had no route. */
export type OverlayBefore = Record<string, Target | null>;

/**
 * Everything back on what it was before; gives the error that says how that ended. Or, when it turns out at last that
 * the move has succeeded and it's the taking back that could not be done, a warning.
 */
export async function takeBack(
  service: OverlayIpService,
  ledger: RouteLedger,
  failed: { what: string; reason: string; cause?: unknown; target: Target },
  watch: Stopwatch,
  context: Context,
): Promise<MoveFailed | { warning: string }> {
  const { what, reason, cause, target } = failed;
  const { steps } = watch;
  const before = ledger.before;
  const asBefore = { reason, cause, steps, places: placesOf(service, before) };
  if (!ledger.touched) return new MoveFailed(what, { outcome: "unchanged", ...asBefore });

  const why = await putBack(ledger, (_table, entry) => entry.target, watch, context);
  if (why === undefined) return new MoveFailed(what, { outcome: "undone", ...asBefore });
  const places = await watch.time("final state", () => ledger.finalPlaces((at) => nodeOf(service, at)));
  if (agree(places, () => target))
    return { warning: `the move went through at last, after it was taken for failed: ${reason}` };
  if (agree(places, (table) => before.get(table)?.target))
    return new MoveFailed(what, { outcome: "undone", ...asBefore });
  return new MoveFailed(what, {
    outcome: "mixed",
    reason: `${reason}. Taking it back failed, too: ${why}`,
    cause,
    places,
    repair: repairFor(service, places, before, target, context),
    steps,
  });
}

/** Puts back what a move found, table by table; a table that was made since then keeps what it has. */
export async function undo(
  service: OverlayIpService,
  then: OverlayBefore,
  context: Context,
): Promise<Step[]> {
  const what = `Putting back the routes of overlay IP ${service.destination}`;
  const watch = new Stopwatch();
  const { ec2, entries } = await look(service, what, watch, context);
  const ledger = new RouteLedger(ec2, resolved(service), context, entries);
  const goal: Goal = (table, now) => {
    const target = then[table];
    return target === undefined ? now.target : (target ?? undefined);
  };
  if (ledger.offGoal(goal).length === 0) return watch.steps;
  const why = await putBack(ledger, goal, watch, context);
  if (why === undefined) return watch.steps;
  const places = await watch.time("final state", () => ledger.finalPlaces((at) => nodeOf(service, at)));
  const wanted: Entries = new Map(
    [...ledger.before].map(([table, entry]) => [table, { target: goal(table, entry), dead: false }]),
  );
  if (agree(places, (table) => wanted.get(table)?.target)) return watch.steps;
  const repair = repairFor(service, places, wanted, undefined, context);
  throw new MoveFailed(what, { outcome: "mixed", reason: why, places, repair, steps: watch.steps });
}

/** Undefined when everything is back, else why not. */
async function putBack(
  ledger: RouteLedger,
  goal: Goal,
  watch: Stopwatch,
  context: Context,
): Promise<string | undefined> {
  const deadline = deadlineIn(context.limits.undo);
  const verdict = await watch.time("undo", async () => {
    await ledger.bring(ledger.offGoal(goal), goal, { deadline, stopAtFirst: false });
    return ledger.verify(goal, deadline, { alive: false });
  });
  if (verdict.state === "reached") return undefined;
  if (verdict.state === "off") return verdict.reason;
  // It can't be read back, but AWS has acknowledged every write: that is as good.
  return ledger.offGoal(goal).length === 0 ? undefined : describe(verdict.error);
}

function agree(places: Place[], wanted: (table: string) => Target | undefined): boolean {
  return places.every((place) => place.uncertain === undefined && place.target === wanted(place.where)?.id);
}

/** The first look of an operation that is going to change something. */
export async function look(
  service: OverlayIpService,
  what: string,
  watch: Stopwatch,
  context: Context,
): Promise<{ ec2: Ec2Calls; entries: Entries }> {
  const deadline = deadlineIn(context.limits.look);
  try {
    const ec2 = await watch.time("load SDK", () => context.ec2(service.region));
    const entries = await watch.time("read", () => readEntries(ec2, resolved(service), context, deadline));
    if (entries.size > 0) return { ec2, entries };
  } catch (error) {
    const reason = `the route tables of ${service.vpcId} can't be read: ${describe(error)}`;
    throw new MoveFailed(what, { outcome: "unchanged", reason, cause: error, steps: watch.steps });
  }
  const reason = `${service.vpcId} has no route tables in ${service.region}; check the VPC's id and the region`;
  throw new MoveFailed(what, { outcome: "unchanged", reason, steps: watch.steps });
}

/** From each table's final state: what it takes to be all on the target, and to be all as before. */
function repairFor(
  service: OverlayIpService,
  places: Place[],
  before: Entries,
  target: Target | undefined,
  context: Context,
): Repair {
  const { destination } = resolved(service);
  const settings = { region: service.region, destination, profile: context.profile };
  const commands = (wanted: (table: string) => Target | undefined): string[] =>
    places.flatMap((place) => {
      const want = wanted(place.where);
      if (place.uncertain === undefined && place.target === want?.id) return [];
      return repairCommands(settings, place, want);
    });
  return {
    finish: target === undefined ? [] : commands(() => target),
    restore: commands((table) => before.get(table)?.target),
  };
}
