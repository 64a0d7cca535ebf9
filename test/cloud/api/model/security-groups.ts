import type { SecurityGroup, SecurityGroupRule } from "../../model";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

export function securityGroup(element: XmlElement): SecurityGroup {
  return {
    id: textAt(element, "groupId"),
    name: textAt(element, "groupName"),
    vpcId: textAt(element, "vpcId"),
    ingress: itemsAt(element, "ipPermissions").map(rule),
    egress: itemsAt(element, "ipPermissionsEgress").map(rule),
  };
}

function rule(element: XmlElement): SecurityGroupRule {
  const texts = (list: string, field: string): string[] =>
    itemsAt(element, list).map((one) => textAt(one, field));
  return {
    protocol: textAt(element, "ipProtocol"),
    fromPort: port(element, "fromPort"),
    toPort: port(element, "toPort"),
    cidrBlocks: texts("ipRanges", "cidrIp"),
    securityGroupIds: texts("groups", "groupId"),
    others: [...texts("ipv6Ranges", "cidrIpv6"), ...texts("prefixListIds", "prefixListId")],
  };
}

function port(element: XmlElement, field: string): number {
  const text = textAt(element, field);
  return text === "" ? -1 : Number(text);
}
