import { checkOf, overlayTargets } from "../../lib/overlay-targets";
import { stackRule } from "../../lib/rule";

export const sourceDestCheckOff = stackRule({
  name: "source-dest-check-off",
  description: "Nodes that an overlay IP can lead to have source/dest check off.",
  why: "with the check on, the VPC drops packets to an address that is not the interface's own",
  level: "mandatory",
  source:
    "https://docs.aws.amazon.com/vpc/latest/userguide/work-with-nat-instances.html#EIP_Disable_SrcDestCheck",
  check: (stack) =>
    overlayTargets(stack)
      .filter((target) => checkOf(stack, target) === true)
      .map((resource) => ({
        resource,
        found: "has source/dest check on, although an overlay IP can lead to it",
        remedy: "set sourceDestCheck to false on it",
      })),
});
