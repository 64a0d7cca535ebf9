import { ec2Done, ec2Reply } from "../ec2/describe";
import { find } from "../ec2/find";
import { STATES, stateOf } from "../ec2/instance-state";
import type { Ec2Region } from "../ec2/region";
import type { InstanceState } from "../ec2/region-state";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { listParam } from "../gateway/params";
import type { Reply } from "../gateway/reply";
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
    run: (context) =>
      changeStates(context, async (id, state) => {
        if (["shutting-down", "terminated"].includes(state.name)) return;
        context.ec2.impaired.delete(id);
        await pass(context.ec2, id, STATES["shutting-down"], context.settings.instanceTerminatingMs);
      }),
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
      currentState: await currentState(call.action, instanceId, context),
    });
  }
  return ec2Reply(call.action, { instancesSet: { item: items } });
}

async function currentState(action: string, id: string, { ec2 }: Context): Promise<InstanceState> {
  const state = stateOf(ec2, await find(ec2, "instances", id));
  // With no delay the state on the way is over before the answer; AWS never answers with the end.
  if (action === "TerminateInstances" && state.name === "terminated") return { ...STATES["shutting-down"] };
  return { ...state };
}

/** A started instance: pending, then running with status checks that begin to pass later. */
export async function starting(ec2: Ec2Region, id: string, settings: Readonly<CloudSettings>): Promise<void> {
  if (settings.statusCheckMs > 0) ec2.initializing.add(id);
  await pass(ec2, id, STATES.pending, settings.instancePendingMs);
  await ec2.later(settings.instancePendingMs + settings.statusCheckMs, [id], () => {
    ec2.initializing.delete(id);
  });
}

async function pass(ec2: Ec2Region, id: string, through: InstanceState, ms: number): Promise<void> {
  const passing = { ...through };
  ec2.passing.set(id, passing);
  await ec2.later(ms, [id], () => {
    // A later change of state may have taken its place.
    if (ec2.passing.get(id) === passing) ec2.passing.delete(id);
  });
}
