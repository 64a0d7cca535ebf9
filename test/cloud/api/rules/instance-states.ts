import { ec2Done, ec2Reply } from "../ec2/describe";
import { find } from "../ec2/find";
import { STATES, stateOf } from "../ec2/instance-state";
import type { Ec2Region } from "../ec2/region";
import type { InstanceState } from "../ec2/region-state";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { listParam } from "../gateway/params";
import type { Reply } from "../gateway/reply";
import { textAt } from "../gateway/xml";
import type { CloudSettings } from "../settings";

/** Start, stop, reboot and terminate, with the states on the way. */
export const instanceStateHandlers: Handlers = {
  "ec2:StartInstances": {
    check: (context) => checkStates(context, ["stopped", "pending", "running"], "started"),
    run: (context) =>
      changeStates(context, async (id, state) => {
        if (state.name !== "stopped") return;
        context.ec2.booted(id);
        await starting(context.ec2, id, context.settings);
      }),
  },
  "ec2:StopInstances": {
    check: (context) => checkStates(context, ["pending", "running", "stopping", "stopped"], "stopped"),
    run: (context) =>
      changeStates(context, (id, state) =>
        ["stopping", "stopped"].includes(state.name)
          ? Promise.resolve()
          : pass(context.ec2, id, STATES.stopping, context.settings.instanceStoppingMs),
      ),
  },
  "ec2:TerminateInstances": {
    check: (context) => checkStates(context, Object.keys(STATES), "terminated"),
    run: terminate,
  },
  "ec2:RebootInstances": {
    check: (context) => checkStates(context, ["pending", "running"], "rebooted"),
    // moto would let a stopped instance run; a reboot changes no state.
    run: ({ call, ec2 }) => {
      for (const id of listParam(call.params, "InstanceId")) ec2.booted(id);
      return ec2Done(call.action);
    },
  },
};

async function checkStates({ call, ec2 }: Context, allowed: string[], done: string): Promise<void> {
  const ids = listParam(call.params, "InstanceId");
  if (ids.length === 0) {
    throw new AwsError("MissingParameter", "The request must contain the parameter InstanceId");
  }
  for (const id of ids) {
    const instance = await find(ec2, "instances", id);
    if (allowed.includes(stateOf(ec2, instance).name)) continue;
    throw new AwsError(
      "IncorrectInstanceState",
      `The instance '${id}' is not in a state from which it can be ${done}.`,
    );
  }
}

/**
 * Instances keep their interfaces and addresses while they shut down: moto, which terminates at once, is told at the end.
 *
 * @throws AwsError OperationNotPermitted if one is protected; those in other zones are terminated nevertheless
 *   (EC2 API Reference, TerminateInstances)
 */
async function terminate(context: Context): Promise<Reply> {
  const { call, ec2, settings } = context;
  const protectedZones = new Map<string, string>();
  const instances = new Map<string, { zone: string; state: InstanceState }>();
  for (const id of listParam(call.params, "InstanceId")) {
    const instance = await find(ec2, "instances", id);
    const zone = textAt(instance, "placement.availabilityZone");
    instances.set(id, { zone, state: stateOf(ec2, instance) });
    if (!ENDED.includes(stateOf(ec2, instance).name) && (await isProtected(ec2, id)))
      protectedZones.set(zone, id);
  }
  const items = [];
  for (const [instanceId, { zone, state }] of instances) {
    if (protectedZones.has(zone)) continue;
    if (!ENDED.includes(state.name)) {
      ec2.impaired.delete(instanceId);
      await pass(ec2, instanceId, STATES["shutting-down"], settings.instanceTerminatingMs, async () => {
        await ec2.ask("TerminateInstances", { "InstanceId.1": instanceId });
        ec2.changed(call.action);
      });
    }
    const currentState = { ...STATES[state.name === "terminated" ? "terminated" : "shutting-down"] };
    items.push({ instanceId, previousState: state, currentState });
  }
  const [kept] = protectedZones.values();
  if (kept !== undefined) {
    throw new AwsError(
      "OperationNotPermitted",
      `The instance '${kept}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
    );
  }
  return ec2Reply(call.action, { instancesSet: { item: items } });
}

const ENDED = ["shutting-down", "terminated"];

async function isProtected(ec2: Ec2Region, InstanceId: string): Promise<boolean> {
  const answer = await ec2.ask("DescribeInstanceAttribute", {
    InstanceId,
    Attribute: "disableApiTermination",
  });
  return textAt(answer, "DescribeInstanceAttributeResponse.disableApiTermination.value") === "true";
}

/** Lets moto change the states at once, and shows the ones between for as long as the settings say. */
async function changeStates(
  context: Context,
  change: (id: string, state: InstanceState) => Promise<void>,
): Promise<Reply> {
  const { call, ec2 } = context;
  const ids = listParam(call.params, "InstanceId");
  const before = new Map<string, InstanceState>();
  for (const id of ids) before.set(id, stateOf(ec2, await find(ec2, "instances", id)));
  const reply = await context.forward();
  if (reply.status >= 400) return reply;
  ec2.changed(call.action);
  const items = [];
  for (const [instanceId, previousState] of before) {
    await change(instanceId, previousState);
    items.push({
      instanceId,
      previousState,
      currentState: { ...stateOf(ec2, await find(ec2, "instances", instanceId)) },
    });
  }
  return ec2Reply(call.action, { instancesSet: { item: items } });
}

/** A started instance: pending, then running with status checks that begin to pass later. */
export async function starting(ec2: Ec2Region, id: string, settings: Readonly<CloudSettings>): Promise<void> {
  if (settings.statusCheckMs > 0) ec2.initializing.add(id);
  await pass(ec2, id, STATES.pending, settings.instancePendingMs);
  await ec2.later(settings.instancePendingMs + settings.statusCheckMs, [id], () => {
    ec2.initializing.delete(id);
  });
}

/** Shows a state for a while; does what there is to be done at its end. */
async function pass(
  ec2: Ec2Region,
  id: string,
  through: InstanceState,
  ms: number,
  end?: () => Promise<void>,
): Promise<void> {
  const passing = { ...through };
  ec2.passing.set(id, passing);
  await ec2.later(ms, [id], async () => {
    await end?.();
    // A later change of state may have taken its place.
    if (ec2.passing.get(id) === passing) ec2.passing.delete(id);
  });
}
