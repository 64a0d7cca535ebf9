/**
 * Failover of a floating ENI: a network interface with a fixed private address, which is detached from the node that
 * has it and attached to another one in the same availability zone.
 */
import {
  type Location,
  locationOf,
  type Mechanism,
  MoveFailed,
  type MoveReport,
  type Place,
  refuseUnknown,
  type Removal,
  type Step,
} from "../../core/contract";
import { type Context } from "../../core/context";
import { type FloatingEniService, type Held, isOurs, nodeOf, placeOf, readHeld } from "./service";
import { type Arrival, detachLimits, EniDriver, type EniGoal } from "./driver";
import { describe, kindOf } from "../../core/errors";
import { floatingEniPreflight } from "./preflight";
import { awsCommand } from "../../core/repair";
import { type Deadline, deadlineIn, persist } from "../../core/retry";
import { Stopwatch } from "../../core/stopwatch";

export { type EniCandidate, type FloatingEniService } from "./service";

export const floatingEni: Mechanism<FloatingEniService> = {
  locate,
  preflight: floatingEniPreflight,
  move,
  remove,
};

async function locate(service: FloatingEniService, context: Context): Promise<Location> {
  const ec2 = await context.ec2(service.region);
  try {
    const held = await readHeld(ec2, service, context, deadlineIn(context.limits.look));
    return locationOf([placeOf(service, held)]);
  } catch (error) {
    if (kindOf(error) !== "gone") throw error;
    throw new Error(
      `${service.networkInterfaceId} does not exist in ${service.region}: check the credentials, the account and the ` +
        "region; if the interface is really gone, take the service out of the state (pulumi state delete)",
      { cause: error },
    );
  }
}

async function move(service: FloatingEniService, to: string, context: Context): Promise<MoveReport> {
  const what = `Moving ${service.networkInterfaceId} to ${to}`;
  const watch = new Stopwatch();
  const { instanceId } = refuseUnknown(what, service.candidates, to);
  const driver = await look(service, what, watch, context);
  const report = (moved: boolean, warnings: string[] = []): MoveReport => {
    const from = nodeOf(service, driver.before);
    return { ...(from === undefined ? {} : { from }), to, moved, warnings, steps: watch.steps };
  };
  const arrival = await driver.drive({ instanceId }, moveDeadline(service, context));
  if (arrival.arrived) {
    const unread =
      arrival.unread === undefined
        ? []
        : [`AWS acknowledged the attachment, but it could not be looked at: ${describe(arrival.unread)}`];
    const kept = await keepOnTermination(service, driver.last, watch, context);
    return report(driver.touched || kept.changed, [...unread, ...kept.warnings]);
  }
  const failed = { what, reason: arrival.reason, cause: arrival.error, steps: watch.steps };
  const warning = await takeBack(service, driver, { instanceId }, failed, context);
  return report(true, [warning]);
}

/** An attachment that someone has marked so takes the interface, and its address, with it when its holder ends. */
async function keepOnTermination(
  service: FloatingEniService,
  held: Held,
  watch: Stopwatch,
  context: Context,
): Promise<{ changed: boolean; warnings: string[] }> {
  if (held?.deleteOnTermination !== true) return { changed: false, warnings: [] };
  const ec2 = await context.ec2(service.region);
  const { networkInterfaceId: NetworkInterfaceId, region } = service;
  const Attachment = { AttachmentId: held.id, DeleteOnTermination: false };
  try {
    await watch.time("keep on termination", () =>
      persist((options) => ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, Attachment }, options), {
        deadline: deadlineIn(context.limits.look),
        perCall: context.limits.writeCall,
      }),
    );
    return { changed: true, warnings: [] };
  } catch (error) {
    const command = awsCommand(
      { region, profile: context.profile },
      "ec2",
      "modify-network-interface-attribute",
      [
        ...["--network-interface-id", NetworkInterfaceId],
        ...["--attachment", `AttachmentId=${held.id},DeleteOnTermination=false`],
      ],
    );
    const why = `the interface is deleted when its holder is terminated, and that could not be changed: ${describe(error)}`;
    return { changed: false, warnings: [`${why}. Run: ${command}`] };
  }
}

interface Failed {
  what: string;
  reason: string;
  cause: unknown;
  steps: Step[];
}

/**
 * Back to whoever had it; throws the error that says how that ended. Unless it turns out that the goal has it after
 * all: then returns a warning.
 */
async function takeBack(
  service: FloatingEniService,
  driver: EniDriver,
  goal: { instanceId: string },
  { what, reason, cause, steps }: Failed,
  context: Context,
): Promise<string> {
  const held = driver.before;
  const asBefore = { reason, cause, steps, places: [placeOf(service, held)] };
  if (!driver.touched) throw new MoveFailed(what, { outcome: "unchanged", ...asBefore });
  const late = `the move went through at last, after it was taken for failed: ${reason}`;
  const now = await readIfPossible(driver, context);
  if (isAttached(now, goal)) return late;

  const back = await driver.drive(goalOf(held), deadlineIn(context.limits.undo));
  if (back.arrived) throw new MoveFailed(what, { outcome: "undone", ...asBefore });
  const end = await finalState(service, driver, back);
  if (isAttached(end.held, goal)) return late;
  if (end.isAsBefore) throw new MoveFailed(what, { outcome: "undone", ...asBefore });
  throw new MoveFailed(what, {
    outcome: "mixed",
    reason: `${reason}. Putting it back failed, too: ${back.reason}`,
    cause,
    steps,
    places: [end.place],
    repair: {
      finish: commandsTo(service, goal, end.held, context),
      restore: commandsTo(service, goalOf(held), end.held, context),
    },
  });
}

/** Detaches it if a candidate, present or former, holds it; so that it can be deleted. */
async function remove(service: FloatingEniService, context: Context): Promise<Removal> {
  const what = `Detaching ${service.networkInterfaceId}`;
  const ec2 = await context.ec2(service.region);
  const driver = new EniDriver(ec2, service, context, new Stopwatch());
  let held: Held;
  try {
    held = await driver.read(deadlineIn(context.limits.look));
  } catch (error) {
    if (kindOf(error) === "gone") return { removed: [], left: [] };
    throw new Error(`${what} failed: ${describe(error)}. Remove the cause and run the same command again.`, {
      cause: error,
    });
  }
  if (held === undefined) return { removed: [], left: [] };
  const place = placeOf(service, held);
  if (!isOurs(service, held)) return { removed: [], left: [place] };
  const arrival = await driver.drive(undefined, moveDeadline(service, context));
  if (arrival.arrived) return { removed: [place], left: [] };
  throw new Error(`${what} failed: ${arrival.reason}. Remove the cause and run the same command again.`, {
    cause: arrival.error,
  });
}

/** The first look of an operation that is going to change something. */
async function look(
  service: FloatingEniService,
  what: string,
  watch: Stopwatch,
  context: Context,
): Promise<EniDriver> {
  try {
    const ec2 = await watch.time("load SDK", () => context.ec2(service.region));
    const driver = new EniDriver(ec2, service, context, watch);
    const deadline = deadlineIn(context.limits.look);
    await watch.time("read", () => driver.read(deadline));
    return driver;
  } catch (error) {
    const reason =
      kindOf(error) === "gone"
        ? `${service.networkInterfaceId} does not exist in ${service.region}; check the id and the region`
        : `${service.networkInterfaceId} can't be read: ${describe(error)}`;
    throw new MoveFailed(what, { outcome: "unchanged", reason, cause: error, steps: watch.steps });
  }
}

/** Undefined, too, when it can't be read: then it's known no better than before. */
async function readIfPossible(driver: EniDriver, context: Context): Promise<Held> {
  try {
    return await driver.read(deadlineIn(context.limits.look));
  } catch {
    return undefined;
  }
}

async function finalState(
  service: FloatingEniService,
  driver: EniDriver,
  failed: Arrival & { arrived: false },
): Promise<{ held: Held; place: Place; isAsBefore: boolean }> {
  try {
    const held = await driver.finalHeld();
    const isAsBefore = driver.before === undefined ? held === undefined : isAttached(held, driver.before);
    return { held, place: placeOf(service, held), isAsBefore };
  } catch (error) {
    const uncertain = `it could not be read (${describe(error)}) after: ${failed.reason}`;
    return {
      // The commands that repair then begin with a detachment, which AWS refuses if there is nothing to detach.
      held: driver.before,
      place: { where: service.networkInterfaceId, uncertain },
      isAsBefore: false,
    };
  }
}

function isAttached(held: Held, goal: { instanceId: string }): boolean {
  return held?.instanceId === goal.instanceId && held.state === "attached";
}

function goalOf(held: Held): EniGoal {
  return held === undefined ? undefined : { instanceId: held.instanceId, deviceIndex: held.deviceIndex };
}

/** A detachment alone may take minutes, and has a limit of its own. */
function moveDeadline(service: FloatingEniService, context: Context): Deadline {
  const { graceful, forced } = detachLimits(service);
  return deadlineIn(context.limits.move + graceful + forced);
}

/** AWS CLI commands that bring the interface from where it is to the goal. */
function commandsTo(service: FloatingEniService, goal: EniGoal, held: Held, context: Context): string[] {
  const settings = { region: service.region, profile: context.profile };
  const ec2 = (action: string, ...options: string[]): string => awsCommand(settings, "ec2", action, options);
  const eni = service.networkInterfaceId;
  if (goal !== undefined && isAttached(held, goal)) return [];
  const force = held?.state === "detaching" ? ["--force"] : [];
  const detach =
    held === undefined ? [] : [ec2("detach-network-interface", "--attachment-id", held.id, ...force)];
  if (goal === undefined) return detach;
  const index = String(goal.deviceIndex ?? 1);
  const at = ["--network-interface-id", eni, "--instance-id", goal.instanceId, "--device-index", index];
  const free = ec2("wait network-interface-available", "--network-interface-ids", eni);
  return [...detach, free, ec2("attach-network-interface", ...at)];
}
