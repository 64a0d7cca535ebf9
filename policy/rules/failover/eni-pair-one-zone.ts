import { stackRule } from "../../lib/rule";
import { candidatesOf, zonesOf } from "../../lib/services";
import { types } from "../../lib/types";

export const eniPairOneZone = stackRule({
  name: "eni-pair-one-zone",
  description: "A floating ENI and all nodes that it can be attached to are in one availability zone.",
  why: "a network interface cannot leave its zone, so attaching it to a node elsewhere fails",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#eni-basics",
  check: (stack) =>
    stack.ofType(types.floatingEni).flatMap((resource) => {
      const own = stack.linked(resource, "networkInterfaceId", [types.networkInterface]).members;
      const nodes = candidatesOf(stack, resource).filter((member) => member.type === types.instance);
      const zones = zonesOf(stack, [...new Set([...own, ...nodes])]);
      if (zones === undefined || zones.size < 2) return [];
      const found = `has its interface and nodes in ${[...zones].sort().join(" and ")}`;
      return [{ resource, found, remedy: "place the interface and its nodes in one zone" }];
    }),
});
