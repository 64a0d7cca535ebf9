import { contains, isHostRoute, parseCidr } from "../../../components/network/cidr.plan";
import { overlayRoutes, vpcBlocks } from "../../lib/overlay";
import { stackRule } from "../../lib/rule";

export const overlayOutsideVpc = stackRule({
  name: "overlay-outside-vpc",
  description: "An overlay IP is one address, outside every CIDR block of its VPC.",
  why: "inside the VPC its local route always wins, so the overlay route is never used",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/sap/latest/sap-hana/sap-hana-on-aws-overlay-ip.html",
  check: (stack) =>
    overlayRoutes(stack).flatMap(({ resource, destination, vpcs, declared }) => {
      const cidr = parseCidr(destination);
      if (!cidr.ok || !isHostRoute(cidr.value)) {
        if (!declared) return [];
        const found = `has the destination ${JSON.stringify(destination)}, which is not one address`;
        return [{ resource, found, remedy: "write one address with /32 (IPv4) or /128 (IPv6)" }];
      }
      const inside = vpcs
        .flatMap((vpc) => vpcBlocks(stack, vpc))
        .find((block) => contains(block, cidr.value));
      if (inside === undefined) return [];
      const found = `routes ${destination}, which is inside the VPC's block ${inside.text}`;
      return [{ resource, found, remedy: "choose an address outside the VPC, like 192.168.10.1/32" }];
    }),
});
