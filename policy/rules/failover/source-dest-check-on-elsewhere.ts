import { checkOf, overlayTargets, routeTargets } from "../../lib/overlay-targets";
import { stackRule } from "../../lib/rule";
import { types } from "../../lib/types";

export const sourceDestCheckOnElsewhere = stackRule({
  name: "source-dest-check-on-elsewhere",
  description: "Source/dest check is on wherever no route needs it off.",
  why: "an instance with the check off can send packets under any other's address",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#eni-basics",
  check: (stack) => {
    const needed = [...overlayTargets(stack), ...routeTargets(stack)];
    return stack
      .ofType(types.instance, types.networkInterface)
      .filter((member) => member.props.sourceDestCheck === false && !needed.includes(member))
      .filter((member) => checkOf(stack, member) === false)
      .map((resource) => ({
        resource,
        found: "has source/dest check off, although no route of this stack leads to it",
        remedy: "leave sourceDestCheck out, or add the route that needs it",
      }));
  },
});
