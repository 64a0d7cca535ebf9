/**
 * Failover of a service name: an A record in a private hosted zone, which leads to the active node's address. A move
 * is one UPSERT, and waiting until all of Route 53's name servers have it.
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
import { type Context, type Route53Calls } from "../../core/context";
import { type Answer, isOurs, type NameService, recordOf } from "./record";
import { describe } from "../../core/errors";
import { Ledger } from "../../core/ledger";
import { type Entries, placesOf, type Pointers } from "../../core/pointers";
import { repoint } from "../../core/repoint";
import { awaitState, deadlineIn, persist } from "../../core/retry";
import { servicenamePreflight } from "./preflight";
import { shadowingZone } from "./shadowing-zones";
import { Stopwatch } from "../../core/stopwatch";

export { type NameCandidate, type NameService } from "./record";

export const serviceName: Mechanism<NameService> = {
  locate,
  preflight: servicenamePreflight,
  move,
  remove,
};

async function locate(service: NameService, context: Context): Promise<Location> {
  const route53 = await context.route53(service.region);
  const record = recordOf(service, route53, context);
  const deadline = deadlineIn(context.limits.look);
  const [entries, shadow] = await Promise.all([
    record.read(deadline),
    shadowingZone(route53, service, context, deadline),
  ]);
  const location = locationOf(placesOf(record, entries));
  if (shadow === undefined) return location;
  const note = `${service.name} is answered by zone ${shadow.name} (${shadow.id}), which is more specific`;
  return { ...location, notes: [note] };
}

async function move(service: NameService, to: string, context: Context): Promise<MoveReport> {
  const what = `Moving ${service.name} to ${to}`;
  const watch = new Stopwatch();
  const { address } = refuseUnknown(what, service.candidates, to);
  const { route53, record, entries, changes } = await look(service, what, watch, context);
  const ledger = new Ledger(record, entries, context.limits);
  const target: Answer = { ttl: service.ttl, addresses: [address] };
  const { moved, warnings } = await repoint(ledger, target, { what, watch, limits: context.limits });
  const change = changes.at(-1);
  if (moved && change !== undefined)
    warnings.push(...(await watch.time("propagate", () => inSync(route53, change, context))));
  else if (moved)
    warnings.push(
      "The change's id was lost with Route 53's reply: when it is at all name servers is unknown",
    );
  const { node: from } = locationOf(placesOf(record, ledger.before));
  return { ...(from === undefined ? {} : { from }), to, moved, warnings, steps: watch.steps };
}

/**
 * Waits until a change is at all name servers. What it ends with is a warning, not a failure: the change is accepted,
 * it will get there, and taking it back would be a change that has to get there, too.
 */
async function inSync(route53: Route53Calls, id: string, context: Context): Promise<string[]> {
  const deadline = deadlineIn(context.limits.sync);
  const look = async (): Promise<true | undefined> => {
    const answer = await persist((options) => route53.getChange({ Id: id }, options), {
      deadline,
      perCall: context.limits.readCall,
    });
    return answer.ChangeInfo?.Status === "INSYNC" ? true : undefined;
  };
  try {
    // "Generally within 60 seconds" (Route 53 API reference, ChangeResourceRecordSets), often in a few.
    const done = await awaitState(look, deadline, { first: 0.5, longest: 10 });
    if (done === true) return [];
    return [
      `Route 53 has accepted the change, but it is not at all name servers after ${context.limits.sync} s`,
    ];
  } catch (error) {
    return [
      `Route 53 has accepted the change; when it is at all name servers is unknown: ${describe(error)}`,
    ];
  }
}

/** Deletes the record if its address is a candidate's, present or former. */
async function remove(service: NameService, context: Context): Promise<Removal> {
  const what = `Removing the record of ${service.name}`;
  const { record, entries } = await look(service, what, new Stopwatch(), context);
  const present = new Map([...entries].filter(([, { target }]) => target !== undefined));
  const places = placesOf(record, present);
  if (![...present.values()].every(({ target }) => isOurs(service, target)))
    return { removed: [], left: places };
  const deadline = deadlineIn(context.limits.move);
  try {
    for (const [name, { target }] of present) await record.write(name, undefined, target, { deadline });
  } catch (error) {
    throw new Error(`${what} failed: ${describe(error)}. Remove the cause and run the same command again.`, {
      cause: error,
    });
  }
  return { removed: places, left: [] };
}

interface Look {
  route53: Route53Calls;
  record: Pointers<Answer>;
  entries: Entries<Answer>;
  /** Ids of the changes that Route 53 has accepted since, in their order. */
  changes: string[];
}

/** The first look of an operation that is going to change something. */
async function look(service: NameService, what: string, watch: Stopwatch, context: Context): Promise<Look> {
  const changes: string[] = [];
  try {
    const route53 = await watch.time("load SDK", () => context.route53(service.region));
    const record = recordOf(service, route53, context, (id) => changes.push(id));
    const deadline = deadlineIn(context.limits.look);
    return { route53, record, changes, entries: await watch.time("read", () => record.read(deadline)) };
  } catch (error) {
    throw new MoveFailed(what, {
      outcome: "unchanged",
      reason: `the records of zone ${service.hostedZoneId} can't be read: ${describe(error)}`,
      cause: error,
      steps: watch.steps,
    });
  }
}
