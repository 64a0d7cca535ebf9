/**
 * Failover of an overlay IP: an address outside the VPC's CIDR, whose route in every route table of the VPC leads to
 * the active node's interface. A move re-points all routes, or none.
 */
import {
  type Location,
  locationOf,
  type Mechanism,
  MoveFailed,
  type MoveReport,
  type Place,
  type Removal,
  type Repair,
  type Step,
  unknownNode,
} from "./contract";
import { type Context, type Ec2Calls } from "./context";
import { describe } from "./errors";
import { type Goal, placeOf, RouteLedger } from "./ledger";
import { overlayPreflight } from "./overlay-preflight";
import { isOurs, nodeOf, type OverlayIpService, placesOf, resolved } from "./overlay-service";
import { repairCommands } from "./repair";
import { deadlineIn, inParallel } from "./retry";
import { type Entries, type Entry, isTableGone, readEntries, type Target, writeRoute } from "./routes";
import { Stopwatch } from "./stopwatch";

export { type OverlayCandidate, type OverlayIpService } from "./overlay-service";

/** Route table id to what it led to; null: it had no route. */
export type OverlayBefore = Record<string, Target | null>;

export const overlayIp: Mechanism<OverlayIpService, OverlayBefore> = {
  locate,
  preflight: overlayPreflight,
  move,
  undo,
  remove,
};

async function locate(service: OverlayIpService, context: Context): Promise<Location> {
  const ec2 = await context.ec2(service.region);
  const entries = await readEntries(ec2, resolved(service), context, deadlineIn(context.limits.look));
  return locationOf(placesOf(service, entries));
}

async function move(
  service: OverlayIpService,
  to: string,
  context: Context,
): Promise<MoveReport<OverlayBefore>> {
  const what = `Moving overlay IP ${service.destination} to ${to}`;
  const watch = new Stopwatch();
  const deadline = deadlineIn(context.limits.move);
  const unknown = unknownNode(service.candidates, to);
  const candidate = service.candidates[to];
  if (unknown !== undefined || candidate === undefined) {
    const reason = unknown === undefined ? "no such node" : `${to} ${unknown.reason}; ${unknown.remedy}`;
    throw new MoveFailed(what, { outcome: "unchanged", reason });
  }
  const { ec2, entries } = await look(service, what, watch, context);
  const target: Target = { kind: "NetworkInterfaceId", id: candidate.networkInterfaceId };
  const goal: Goal = () => target;
  const ledger = new RouteLedger(ec2, resolved(service), context, entries);
  const start = locationOf(placesOf(service, entries));
  const report = (extra: { moved: boolean; warnings: string[] }): MoveReport<OverlayBefore> => ({
    ...(start.node === undefined ? {} : { from: start.node }),
    to,
    steps: watch.steps,
    before: Object.fromEntries([...ledger.before].map(([table, entry]) => [table, entry.target ?? null])),
    ...extra,
  });

  const due = ledger.offGoal(goal);
  if (due.length === 0) return report({ moved: false, warnings: [] });
  const tables = due.length === 1 ? "1 route table" : `${due.length} route tables`;
  const failure = await watch.time(
    "re-point",
    () => ledger.bring(due, goal, { deadline, stopAtFirst: true }),
    tables,
  );
  let reason: string;
  if (failure === undefined) {
    const verdict = await watch.time("verify", () => ledger.verify(goal, deadline, { alive: true }));
    if (verdict.state === "reached") return report({ moved: true, warnings: [] });
    if (verdict.state === "unreadable" && ledger.offGoal(goal).length === 0) {
      // AWS has acknowledged every write. To take them back because a look failed would trade a service that
      // probably works for one that probably doesn't.
      const warning = `AWS acknowledged every route, but they could not be read back: ${describe(verdict.error)}`;
      return report({ moved: true, warnings: [warning] });
    }
    reason = verdict.state === "unreadable" ? describe(verdict.error) : verdict.reason;
  } else {
    // The last reply may have been lost after the write was applied.
    const readBack = deadlineIn(context.limits.look);
    if (ledger.touched && (await watch.time("read back", () => ledger.isAt(goal, readBack))))
      return report({ moved: true, warnings: [] });
    reason = `${failure.table}: ${describe(failure.error)}`;
  }
  const failed = { what, reason, cause: failure?.error, target };
  throw await takeBack(service, ledger, failed, watch, context);
}

/** Everything back on what it was before; gives the error that says how that ended. */
async function takeBack(
  service: OverlayIpService,
  ledger: RouteLedger,
  failed: { what: string; reason: string; cause?: unknown; target?: Target },
  watch: Stopwatch,
  context: Context,
): Promise<MoveFailed> {
  const { what, reason, cause, target } = failed;
  const { steps } = watch;
  if (!ledger.touched)
    return new MoveFailed(what, {
      outcome: "unchanged",
      reason,
      cause,
      steps,
      places: placesOf(service, ledger.before),
    });
  const goal: Goal = (_table, before) => before.target;
  const deadline = deadlineIn(context.limits.undo);
  const verdict = await watch.time("undo", async () => {
    await ledger.bring(ledger.offGoal(goal), goal, { deadline, stopAtFirst: false });
    return ledger.verify(goal, deadline, { alive: false });
  });
  // Unreadable, but every write that takes back was acknowledged: that is as good.
  if (verdict.state === "reached" || (verdict.state === "unreadable" && ledger.offGoal(goal).length === 0))
    return new MoveFailed(what, {
      outcome: "undone",
      reason,
      cause,
      steps,
      places: placesOf(service, ledger.before),
    });
  const why = verdict.state === "off" ? verdict.reason : describe(verdict.error);
  const places = await watch.time("final state", () => ledger.finalPlaces((at) => nodeOf(service, at)));
  return new MoveFailed(what, {
    outcome: "mixed",
    reason: `${reason}. Taking it back failed, too: ${why}`,
    cause,
    places,
    repair: repairFor(service, places, ledger.before, target, context),
    steps,
  });
}

async function undo(service: OverlayIpService, before: OverlayBefore, context: Context): Promise<Step[]> {
  const what = `Putting back the routes of overlay IP ${service.destination}`;
  const watch = new Stopwatch();
  const { ec2, entries } = await look(service, what, watch, context);
  const ledger = new RouteLedger(ec2, resolved(service), context, entries);
  const deadline = deadlineIn(context.limits.undo);
  const goal: Goal = (table, now) => {
    const then = before[table];
    // A table that was made since then keeps what it has.
    return then === undefined ? now.target : (then ?? undefined);
  };
  const due = ledger.offGoal(goal);
  if (due.length === 0) return watch.steps;
  const verdict = await watch.time("undo", async () => {
    await ledger.bring(due, goal, { deadline, stopAtFirst: false });
    return ledger.verify(goal, deadline, { alive: false });
  });
  if (verdict.state === "reached") return watch.steps;
  if (verdict.state === "unreadable" && ledger.offGoal(goal).length === 0) return watch.steps;
  const reason = verdict.state === "off" ? verdict.reason : describe(verdict.error);
  const places = await ledger.finalPlaces((at) => nodeOf(service, at));
  const wanted: Entries = new Map(
    [...ledger.before].map(([table, entry]) => [table, { target: goal(table, entry), dead: false }]),
  );
  throw new MoveFailed(what, {
    outcome: "mixed",
    reason,
    places,
    repair: repairFor(service, places, wanted, undefined, context),
    steps: watch.steps,
  });
}

/** Deletes the routes that lead to a candidate, present or former. Others are somebody else's, and stay. */
async function remove(service: OverlayIpService, context: Context): Promise<Removal> {
  const what = `Removing the routes of overlay IP ${service.destination}`;
  const { ec2, entries } = await look(service, what, new Stopwatch(), context);
  const deadline = deadlineIn(context.limits.move);
  const { destination } = resolved(service);
  const routes = [...entries].filter(([, entry]) => entry.target !== undefined);
  const ours = routes.filter(([, entry]) => isOurs(service, entry.target));
  const place = ([where, entry]: [string, Entry]): Place =>
    placeOf(where, entry, nodeOf(service, entry.target));
  const failures: string[] = [];
  await inParallel(ours, 10, async ([table]) => {
    try {
      await writeRoute(ec2, { table, destination, present: true }, context, { deadline });
    } catch (error) {
      if (!isTableGone(error)) failures.push(`${table}: ${describe(error)}`);
    }
  });
  if (failures.length > 0)
    throw new Error(
      `${what} failed in ${failures.join("; ")}. Remove the cause and run the same command again.`,
    );
  return { removed: ours.map(place), left: routes.filter((route) => !ours.includes(route)).map(place) };
}

/** The first look of an operation that is going to change something. */
async function look(
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
