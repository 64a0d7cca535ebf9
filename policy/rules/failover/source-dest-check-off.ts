import { checkOf, overlayTargets, routeTargets } from "../../lib/overlay-targets";
import { stackRule } from "../../lib/rule";
import type { Member, Stack } from "../../lib/stack";
import { movesRoutes, sharesProfile } from "../../lib/standby";
import { types } from "../../lib/types";

export const sourceDestCheckOff = stackRule({
  name: "source-dest-check-off",
  description: "Nodes that an overlay IP can lead to have source/dest check off.",
  why: "with the check on, the VPC drops packets to an address that is not the interface's own",
  level: "mandatory",
  source:
    "https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck",
  check: (stack) => {
    const remedy = "set sourceDestCheck to false on it";
    const targets = overlayTargets(stack);
    const leads = targets.map((resource) => ({
      resource,
      found: "has source/dest check on, although an overlay IP can lead to it",
      remedy,
    }));
    const takes = standbys(stack, targets).map((resource) => ({
      resource,
      found: "has source/dest check on, although its role may move to it the route that another node has",
      remedy,
    }));
    return [...leads, ...takes].filter(({ resource }) => checkOf(stack, resource) === true);
  },
});

/** Instances with the very role by which a node that a route leads to may move this route. */
function standbys(stack: Stack, overlay: readonly Member[]): readonly Member[] {
  const active = routeTargets(stack).filter(
    (target) => checkOf(stack, target) === false && movesRoutes(stack, target),
  );
  return stack
    .ofType(types.instance)
    .filter(
      (instance) =>
        !overlay.includes(instance) && active.some((node) => sharesProfile(stack, instance, node)),
    );
}
