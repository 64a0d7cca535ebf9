import { stackRule } from "../../lib/rule";
import { candidateCount, servicesOf } from "../../lib/services";

export const twoCandidates = stackRule({
  name: "two-candidates",
  description: "A service has at least two nodes to be on.",
  why: "with one there is nowhere to fail over to",
  level: "mandatory",
  source:
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_failover2good.html",
  check: (stack) =>
    servicesOf(stack).flatMap((resource) => {
      const count = candidateCount(resource);
      if (count === undefined || count > 1) return [];
      const found = `has ${count === 0 ? "no candidate" : "one candidate only"}`;
      return [{ resource, found, remedy: "give it a second node" }];
    }),
});
