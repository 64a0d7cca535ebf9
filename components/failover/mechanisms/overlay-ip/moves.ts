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
  refuseUnknown,
  type Removal,
} from "../../core/contract";
import { type Context } from "../../core/context";
import { describe } from "../../core/errors";
import { Ledger } from "../../core/ledger";
import { inspectInterface, mendInterface } from "./interface";
import { overlayPreflight } from "./preflight";
import { isOurs, type OverlayIpService, routesOf } from "./service";
import { type Entries, placesOf, type Pointers } from "../../core/pointers";
import { repoint } from "../../core/repoint";
import { deadlineIn, inParallel } from "../../core/retry";
import { isTableGone, type Target } from "./routes";
import { Stopwatch } from "../../core/stopwatch";

export { type OverlayCandidate, type OverlayIpService } from "./service";

export const overlayIp: Mechanism<OverlayIpService> = {
  locate,
  preflight: overlayPreflight,
  move,
  remove,
  inspect: inspectInterface,
  mend: mendInterface,
};

async function locate(service: OverlayIpService, context: Context): Promise<Location> {
  const routes = routesOf(service, await context.ec2(service.region), context);
  const entries = await routes.read(deadlineIn(context.limits.look));
  // A VPC has at least its main route table: without one, what is seen is another account or region, or nothing at all.
  if (entries.size === 0)
    throw new Error(
      `${service.vpcId} shows no route tables in ${service.region}: check the credentials, the account and the region; ` +
        "if the VPC is really gone, take the service out of the state (pulumi state delete)",
    );
  return locationOf(placesOf(routes, entries));
}

async function move(service: OverlayIpService, to: string, context: Context): Promise<MoveReport> {
  const what = `Moving overlay IP ${service.destination} to ${to}`;
  const watch = new Stopwatch();
  const { networkInterfaceId } = refuseUnknown(what, service.candidates, to);
  const { routes, entries } = await look(service, what, watch, context);
  if (entries.size === 0) {
    const reason = `${service.vpcId} has no route tables in ${service.region}; check the VPC and the region`;
    throw new MoveFailed(what, { outcome: "unchanged", reason, steps: watch.steps });
  }
  const ledger = new Ledger(routes, entries, context.limits);
  const target: Target = { kind: "NetworkInterfaceId", id: networkInterfaceId };
  const outcome = await repoint(ledger, target, { what, watch, limits: context.limits });
  const { node: from } = locationOf(placesOf(routes, ledger.before));
  return { ...(from === undefined ? {} : { from }), to, ...outcome, steps: watch.steps };
}

/** Deletes the routes that lead to a candidate, present or former. Others are somebody else's, and stay. */
async function remove(service: OverlayIpService, context: Context): Promise<Removal> {
  const what = `Removing the routes of overlay IP ${service.destination}`;
  // A VPC without route tables is one that is gone, or going: its routes have gone with it.
  const { routes, entries } = await look(service, what, new Stopwatch(), context);
  const deadline = deadlineIn(context.limits.move);
  const present = [...entries].filter(([, entry]) => entry.target !== undefined);
  const ours = new Map(present.filter(([, entry]) => isOurs(service, entry.target)));
  const left = new Map(present.filter(([table]) => !ours.has(table)));
  const failures: string[] = [];
  await inParallel([...ours], 10, async ([table, { target }]) => {
    try {
      await routes.write(table, undefined, target, { deadline });
    } catch (error) {
      if (!isTableGone(error)) failures.push(`${table}: ${describe(error)}`);
    }
  });
  if (failures.length > 0)
    throw new Error(
      `${what} failed in ${failures.join("; ")}. Remove the cause and run the same command again.`,
    );
  return { removed: placesOf(routes, ours), left: placesOf(routes, left) };
}

/** The first look of an operation that is going to change something. */
async function look(
  service: OverlayIpService,
  what: string,
  watch: Stopwatch,
  context: Context,
): Promise<{ routes: Pointers<Target>; entries: Entries<Target> }> {
  try {
    const ec2 = await watch.time("load SDK", () => context.ec2(service.region));
    const routes = routesOf(service, ec2, context);
    const deadline = deadlineIn(context.limits.look);
    return { routes, entries: await watch.time("read", () => routes.read(deadline)) };
  } catch (error) {
    const reason = `the route tables of ${service.vpcId} can't be read: ${describe(error)}`;
    throw new MoveFailed(what, { outcome: "unchanged", reason, cause: error, steps: watch.steps });
  }
}
