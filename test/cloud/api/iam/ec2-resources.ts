import { ACCOUNT_ID } from "../admin/types";
import type { Ec2Region } from "../ec2/region";
import type { Kind } from "../ec2/sources";
import type { Call } from "../gateway/call";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

/** EC2's resource types (Service Authorization Reference): the ids' prefix, and where to look such a resource up. */
const TYPES: Record<string, { prefix: string; kind?: Kind; field?: string }> = {
  "dhcp-options": { prefix: "dopt-" },
  "elastic-ip": { prefix: "eipalloc-", kind: "addresses", field: "allocationId" },
  image: { prefix: "ami-" },
  instance: { prefix: "i-", kind: "instances", field: "instanceId" },
  "internet-gateway": { prefix: "igw-", kind: "internetGateways", field: "internetGatewayId" },
  natgateway: { prefix: "nat-", kind: "natGateways", field: "natGatewayId" },
  "network-acl": { prefix: "acl-" },
  "network-interface": { prefix: "eni-", kind: "networkInterfaces", field: "networkInterfaceId" },
  "route-table": { prefix: "rtb-", kind: "routeTables", field: "routeTableId" },
  "security-group": { prefix: "sg-", kind: "securityGroups", field: "groupId" },
  "security-group-rule": { prefix: "sgr-" },
  subnet: { prefix: "subnet-", kind: "subnets", field: "subnetId" },
  "transit-gateway": { prefix: "tgw-", kind: "transitGateways", field: "transitGatewayId" },
  "transit-gateway-attachment": { prefix: "tgw-attach-" },
  "transit-gateway-route-table": { prefix: "tgw-rtb-" },
  volume: { prefix: "vol-", kind: "volumes", field: "volumeId" },
  vpc: { prefix: "vpc-", kind: "vpcs", field: "vpcId" },
  "vpc-endpoint": { prefix: "vpce-", kind: "vpcEndpoints", field: "vpcEndpointId" },
};

export interface AuthorizedResource {
  arn: string;
  /** Condition keys that the resource brings. */
  context: Record<string, string | string[]>;
}

/** Which of the call's ids are of the type; a type that the call creates has none, and stands for `<type>/*`. */
export async function ec2Resources(
  call: Call,
  ec2: Ec2Region,
  type: string,
  required: boolean,
): Promise<AuthorizedResource[]> {
  const known = TYPES[type];
  if (known === undefined) return [];
  const ids = new Set(await idsOf(call, ec2, known.prefix));
  if (ids.size === 0) return required ? [{ arn: arnOf(call, type, "*"), context: {} }] : [];
  const items = known.kind === undefined ? [] : await ec2.list(known.kind);
  return [...ids].map((id) => {
    const item = items.find((one) => textAt(one, known.field ?? "") === id);
    return { arn: arnOf(call, type, id), context: item === undefined ? {} : contextOf(item, type, id, call) };
  });
}

const ATTACHMENT = /^eni-attach-/;

/** What a filter or a tag says is text, and names no resource that the call is about. */
const ONLY_TEXT = /^Filter\.|(^|\.)Tag\.\d+\./;

/** An attachment's id stands for the interface and the instance that it joins. */
async function idsOf(call: Call, ec2: Ec2Region, prefix: string): Promise<string[]> {
  const values = Object.entries(call.params)
    .filter(([name]) => !ONLY_TEXT.test(name))
    .map(([, value]) => value);
  const joined = [];
  for (const attachment of values.filter((value) => ATTACHMENT.test(value))) {
    const eni = (await ec2.list("networkInterfaces")).find(
      (one) => textAt(one, "attachment.attachmentId") === attachment,
    );
    joined.push(textAt(eni, "networkInterfaceId"), textAt(eni, "attachment.instanceId"));
  }
  const pattern = new RegExp(`^${prefix}[0-9a-f]+$`);
  return [...values, ...joined].filter((value) => pattern.test(value));
}

function arnOf(call: Call, type: string, id: string): string {
  const account = type === "image" ? "" : ACCOUNT_ID;
  return `arn:${call.partition}:ec2:${call.region}:${account}:${type}/${id}`;
}

function contextOf(item: XmlElement, type: string, id: string, call: Call): Record<string, string> {
  const context: Record<string, string> = {};
  for (const tag of itemsAt(item, "tagSet")) {
    context[`ec2:ResourceTag/${textAt(tag, "key")}`] = textAt(tag, "value");
    context[`aws:ResourceTag/${textAt(tag, "key")}`] = textAt(tag, "value");
  }
  const vpcId = textAt(item, "vpcId");
  if (vpcId !== "") context["ec2:Vpc"] = arnOf(call, "vpc", vpcId);
  const subnetId = textAt(item, "subnetId");
  if (subnetId !== "") context["ec2:Subnet"] = arnOf(call, "subnet", subnetId);
  const zone = textAt(item, "placement.availabilityZone") || textAt(item, "availabilityZone");
  if (zone !== "") context["ec2:AvailabilityZone"] = zone;
  const instanceType = textAt(item, "instanceType");
  if (instanceType !== "") context["ec2:InstanceType"] = instanceType;
  const key = {
    instance: "ec2:InstanceID",
    "network-interface": "ec2:NetworkInterfaceID",
    "route-table": "ec2:RouteTableID",
  };
  const own = (key as Record<string, string | undefined>)[type];
  if (own !== undefined) context[own] = id;
  return context;
}
