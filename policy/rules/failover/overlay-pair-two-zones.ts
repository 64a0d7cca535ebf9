import { stackRule } from "../../lib/rule";
import { candidatesOf, zonesOf } from "../../lib/services";
import { types } from "../../lib/types";

export const overlayPairTwoZones = stackRule({
  name: "overlay-pair-two-zones",
  description: "The nodes of an overlay IP are in at least two availability zones.",
  why: "the failure of the one zone takes all candidates at once",
  level: "mandatory",
  source:
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
  check: (stack) =>
    stack.ofType(types.overlayIp).flatMap((resource) => {
      const candidates = candidatesOf(stack, resource);
      const zones = zonesOf(stack, candidates);
      if (candidates.length < 2 || zones === undefined || zones.size > 1) return [];
      const found = `has all of its ${candidates.length} nodes in ${[...zones].join()}`;
      return [{ resource, found, remedy: "place one of them in a subnet of another zone" }];
    }),
});
