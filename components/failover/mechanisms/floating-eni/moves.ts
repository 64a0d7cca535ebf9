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
} from "../../core/contract";
import { type Context } from "../../core/context";
import { type FloatingEniService, type Held, isOurs, nodeOf, placeOf, readHeld } from "./service";
import { detachLimits, EniDriver, type EniGoal } from "./driver";
import { describe, kindOf } from "../../core/errors";
import { type End, type Gone, moveOrTakeBack } from "../../core/move";
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
  const goal = { instanceId };
  const outcome = await moveOrTakeBack(what, watch, {
    go: () => go(service, driver, goal, watch, context),
    touched: () => driver.touched,
    before: () => [placeOf(service, driver.before)],
    back: async () => {
      const back = await driver.drive(goalOf(driver.before), deadlineIn(context.limits.undo));
      return back.arrived ? undefined : back.reason;
    },
    end: () => finalState(service, driver, goal, context),
  });
  const from = nodeOf(service, driver.before);
  return { ...(from === undefined ? {} : { from }), to, ...outcome, steps: watch.steps };
}

async function go(
  service: FloatingEniService,
  driver: EniDriver,
  goal: { instanceId: string },
  watch: Stopwatch,
  context: Context,
): Promise<Gone> {
  const arrival = await driver.drive(goal, moveDeadline(service, context));
  if (arrival.arrived) {
    const unread =
      arrival.unread === undefined
        ? []
        : [`AWS acknowledged the attachment, but it could not be looked at: ${describe(arrival.unread)}`];
    const kept = await keepOnTermination(service, driver.last, watch, context);
    return { moved: driver.touched || kept.changed, warnings: [...unread, ...kept.warnings] };
  }
  const { reason, error: cause } = arrival;
  if (driver.touched && isAttached(await readIfPossible(driver, context), goal))
    return {
      moved: true,
      warnings: [`the move went through at last, after it was taken for failed: ${reason}`],
    };
  return { reason, cause };
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
  goal: { instanceId: string },
  context: Context,
): Promise<End> {
  const { before } = driver;
  const neither = (held: Held, place: Place): End => ({
    at: "neither",
    places: [place],
    repair: {
      finish: commandsTo(service, goal, held, context),
      restore: commandsTo(service, goalOf(before), held, context),
    },
  });
  try {
    const held = await driver.finalHeld();
    if (isAttached(held, goal)) return { at: "goal" };
    if (before === undefined ? held === undefined : isAttached(held, before)) return { at: "before" };
    return neither(held, placeOf(service, held));
  } catch (error) {
    const uncertain = `it could not be read (${describe(error)})`;
    // The commands that repair then begin with a detachment, which AWS refuses if there is nothing to detach.
    return neither(before, { where: service.networkInterfaceId, uncertain });
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
