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
  unknownNode,
} from "./contract";
import { type Context } from "./context";
import { describe } from "./errors";
import { type Goal, placeOf, RouteLedger } from "./ledger";
import { overlayPreflight } from "./overlay-preflight";
import { isOurs, nodeOf, type OverlayIpService, placesOf, resolved } from "./overlay-service";
import { look, type OverlayBefore, takeBack, undo } from "./overlay-undo";
import { deadlineIn, inParallel } from "./retry";
import { type Entry, isTableGone, readEntries, type Target, writeRoute } from "./routes";
import { Stopwatch } from "./stopwatch";

export { type OverlayBefore } from "./overlay-undo";
export { type OverlayCandidate, type OverlayIpService } from "./overlay-service";

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
  const end = await takeBack(service, ledger, failed, watch, context);
  if (end instanceof MoveFailed) throw end;
  return report({ moved: true, warnings: [end.warning] });
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
