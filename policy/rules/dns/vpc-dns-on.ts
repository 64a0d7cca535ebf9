import { stackRule } from "../../lib/rule";
import type { Member, Stack } from "../../lib/stack";
import { types } from "../../lib/types";
import { asFlag, UNKNOWN } from "../../lib/values";

export const vpcDnsOn = stackRule({
  name: "vpc-dns-on",
  description: "A VPC with a private zone has DNS support and DNS hostnames on.",
  why: "the VPC's resolver does not answer from private zones where either is off",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html",
  check: (stack) =>
    vpcsWithZones(stack).flatMap((resource) => {
      const { enableDnsSupport, enableDnsHostnames } = resource.props;
      // Left out, support is on and hostnames are off.
      const off = [
        ...(asFlag(enableDnsSupport) === false ? ["enableDnsSupport"] : []),
        ...(enableDnsHostnames !== UNKNOWN && asFlag(enableDnsHostnames) !== true
          ? ["enableDnsHostnames"]
          : []),
      ];
      if (off.length === 0) return [];
      const found = `has ${off.join(" and ")} off, although a private zone is associated with it`;
      return [{ resource, found, remedy: "set enableDnsSupport and enableDnsHostnames to true" }];
    }),
});

function vpcsWithZones(stack: Stack): readonly Member[] {
  const wanted = [types.vpc];
  return [
    ...new Set([
      ...stack.ofType(types.zone).flatMap((zone) => stack.linked(zone, "vpcs", wanted).members),
      ...stack.ofType(types.privateNamespace).flatMap((space) => stack.linked(space, "vpc", wanted).members),
      ...stack.ofType(types.zoneAssociation).flatMap((link) => stack.linked(link, "vpcId", wanted).members),
    ]),
  ];
}
