import { find } from "../ec2/find";
import { missing } from "../ec2/missing";
import type { Ec2Region } from "../ec2/region";
import { AwsError, notImplemented } from "../gateway/errors";
import type { Handlers } from "../gateway/handler";
import { listParam, structParams, type Params } from "../gateway/params";
import { textAt, type XmlElement } from "../gateway/xml";

/** Transit gateways and their attachments to VPCs: what AWS refuses, and the tags that moto looks for elsewhere. */
export const transitGatewayHandlers: Handlers = {
  "ec2:CreateTransitGatewayVpcAttachment": {
    check: async ({ call, ec2 }) => {
      const vpc = textAt(await find(ec2, "vpcs", call.params.VpcId ?? ""), "vpcId");
      checkTagged(call.params);
      await checkSubnets(ec2, vpc, listParam(call.params, "SubnetIds"));
    },
    run: ({ call, forward }) => forward(withTagsForMoto(call.params)),
  },
  "ec2:ModifyTransitGatewayVpcAttachment": {
    check: async ({ call, ec2 }) => {
      const attachment = await attachmentOf(ec2, call.params.TransitGatewayAttachmentId ?? "");
      const present = subnetsOf(attachment);
      const removed = listParam(call.params, "RemoveSubnetIds");
      const foreign = removed.find((id) => !present.includes(id));
      if (foreign !== undefined) throw missing.subnet([foreign]);
      const kept = present.filter((id) => !removed.includes(id));
      await checkSubnets(ec2, textAt(attachment, "vpcId"), [
        ...kept,
        ...listParam(call.params, "AddSubnetIds").filter((id) => !kept.includes(id)),
      ]);
    },
  },
  "ec2:ModifyTransitGateway": {
    check: async ({ call, ec2 }) => {
      await find(ec2, "transitGateways", call.params.TransitGatewayId ?? "");
      if (call.params.Description !== "") return;
      throw notImplemented("an emptied description of a transit gateway", "Give it another one.");
    },
  },
};

const TAGGED = "transit-gateway-attachment";

function checkTagged(params: Params): void {
  const other = structParams(params, "TagSpecifications").find((one) => one.ResourceType !== TAGGED);
  if (other === undefined) return;
  const type = other.ResourceType ?? "";
  throw new AwsError(
    "InvalidParameterValue",
    `'${type}' is not a valid taggable resource type for this operation.`,
  );
}

/** moto takes an attachment's tags from the specification for route tables (TransitGatewayAttachments, 5.2.5). */
function withTagsForMoto(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) =>
      /^TagSpecifications\.\d+\.ResourceType$/.test(name)
        ? [name, "transit-gateway-route-table"]
        : [name, value],
    ),
  );
}

async function attachmentOf(ec2: Ec2Region, id: string): Promise<XmlElement> {
  const attachments = await ec2.list("transitGatewayVpcAttachments");
  const found = attachments.find((one) => textAt(one, "transitGatewayAttachmentId") === id);
  if (found === undefined) throw missing.transitGatewayAttachment([id]);
  return found;
}

function subnetsOf(attachment: XmlElement): string[] {
  const list = attachment.subnetIds;
  const items = typeof list === "object" && !Array.isArray(list) ? list.item : undefined;
  return Array.isArray(items) ? items.filter((one): one is string => typeof one === "string") : [];
}

/** One subnet or more, all of the VPC, one per zone (EC2 API Reference, CreateTransitGatewayVpcAttachment). */
async function checkSubnets(ec2: Ec2Region, vpcId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) {
    throw new AwsError("InsufficientSubnetsException", "An attachment must have at least one subnet.");
  }
  const zones = new Set<string>();
  for (const id of ids) {
    const subnet = await find(ec2, "subnets", id);
    if (textAt(subnet, "vpcId") !== vpcId) {
      throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist in ${vpcId}`);
    }
    zones.add(textAt(subnet, "availabilityZone"));
  }
  if (zones.size < ids.length) {
    throw new AwsError("DuplicateSubnetsInSameZone", "Duplicate subnets for same AZ");
  }
}
