/** Failover of a tag: one write, read back. */
import {
  locationOf,
  type Mechanism,
  refuseUnknown,
  unknownNode,
} from "../../../../components/failover/core/contract";
import { instanceProblems } from "../../../../components/failover/core/instance-preflight";
import { Ledger } from "../../../../components/failover/core/ledger";
import { placesOf } from "../../../../components/failover/core/pointers";
import { repoint } from "../../../../components/failover/core/repoint";
import { deadlineIn } from "../../../../components/failover/core/retry";
import { Stopwatch } from "../../../../components/failover/core/stopwatch";
import { connectTags, nodeOf, type OwnerTagService, tagOf } from "./service";

export const ownerTagMoves: Mechanism<OwnerTagService> = {
  locate: async (service, context) => {
    const tag = tagOf(service, await context.calls(service.region, connectTags), context);
    return locationOf(placesOf(tag, await tag.read(deadlineIn(context.limits.look))));
  },
  preflight: async (service, to, context) => {
    const unknown = unknownNode(service.candidates, to);
    if (unknown !== undefined) return [unknown];
    const { instanceId = "" } = service.candidates[to] ?? {};
    const ec2 = await context.ec2(service.region);
    const deadline = deadlineIn(context.limits.look);
    return (await instanceProblems(ec2, `${instanceId} (${to})`, instanceId, context, deadline)).problems;
  },
  move: async (service, to, context) => {
    const what = `Moving the owner of ${service.resourceId} to ${to}`;
    const watch = new Stopwatch();
    const { instanceId } = refuseUnknown(what, service.candidates, to);
    const tag = tagOf(service, await context.calls(service.region, connectTags), context);
    const entries = await watch.time("read", () => tag.read(deadlineIn(context.limits.look)));
    const ledger = new Ledger(tag, entries, context.limits);
    const outcome = await repoint(ledger, instanceId, { what, watch, limits: context.limits });
    const { node: from } = locationOf(placesOf(tag, ledger.before));
    return { ...(from === undefined ? {} : { from }), to, ...outcome, steps: watch.steps };
  },
  remove: async (service, context) => {
    const tag = tagOf(service, await context.calls(service.region, connectTags), context);
    const entries = await tag.read(deadlineIn(context.limits.look));
    const places = placesOf(tag, entries).filter(({ target }) => target !== undefined);
    if (places.some(({ target }) => nodeOf(service, target) === undefined))
      return { removed: [], left: places };
    for (const { where, target } of places)
      await tag.write(where, undefined, target, { deadline: deadlineIn(context.limits.move) });
    return { removed: places, left: [] };
  },
};
