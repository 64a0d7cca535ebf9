import { forwardsPackets } from "../../lib/appliances";
import { checkOf, overlayTargets, routeTargets } from "../../lib/overlay-targets";
import { machineOf } from "../../lib/routes";
import { stackRule } from "../../lib/rule";
import type { Member, Stack } from "../../lib/stack";
import { isCalledStandby, isPair, movesRoutes } from "../../lib/standby";
import { types } from "../../lib/types";
import { asFlag } from "../../lib/values";

export const sourceDestCheckOnElsewhere = stackRule({
  name: "source-dest-check-on-elsewhere",
  description: "Source/dest check is on wherever neither a route nor a takeover needs it off.",
  why: "an instance with the check off can send packets under any other's address",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#eni-basics",
  check: (stack) => {
    const routed = routeTargets(stack);
    const needed = [...overlayTargets(stack), ...routed].flatMap((member) => machineOf(stack, member));
    const active = routed.filter((member) => checkOf(stack, member) === false);
    return stack
      .ofType(types.instance, types.spotRequest, types.networkInterface)
      .filter((member) => asFlag(member.props.sourceDestCheck) === false && !needed.includes(member))
      .filter((member) => checkOf(stack, member) === false && !standsBy(stack, member, active))
      .map((resource) => ({
        resource,
        found: "has source/dest check off, although no route of this stack leads to it",
        remedy: "leave sourceDestCheck out, or add the route that needs it",
      }));
  },
});

/** Whether packets under another's address may come to a machine later: as a spare, by an agent, or by its own job. */
function standsBy(stack: Stack, member: Member, active: readonly Member[]): boolean {
  return (
    active.some((other) => isCalledStandby(member) || isPair(stack, member, other)) ||
    movesRoutes(stack, member) ||
    forwardsPackets(stack, member) ||
    isInspecting(stack, member)
  );
}

/** A target of a gateway load balancer, which hands over packets as they came. */
function isInspecting(stack: Stack, member: Member): boolean {
  const groups = machineOf(stack, member)
    .flatMap((part) => stack.linkedTo(part, [types.targetAttachment], "targetId"))
    .flatMap(
      (attachment) => stack.linked(attachment, "targetGroupArn", ["aws:lb/targetGroup:TargetGroup"]).members,
    );
  return groups.some(({ props }) => props.protocol === "GENEVE");
}
