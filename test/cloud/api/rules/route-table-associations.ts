import { find } from "../ec2/find";
import type { Ec2Region } from "../ec2/region";
import { checkForGateway } from "../ec2/route-destinations";
import { AwsError, notImplemented } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

/** What a route table is associated with: subnets, or a gateway of its VPC; each of them has one table. */
export const routeTableAssociationHandlers: Handlers = {
  "ec2:AssociateRouteTable": { check: checkAssociation },
  "ec2:ReplaceRouteTableAssociation": {
    check: async ({ call, ec2 }) => {
      const { AssociationId: id = "", RouteTableId: tableId = "" } = call.params;
      const table = await find(ec2, "routeTables", tableId);
      const found = (await associations(ec2)).find((one) => textAt(one, "routeTableAssociationId") === id);
      if (found === undefined) throw noAssociation(id);
      const from = await find(ec2, "routeTables", textAt(found, "routeTableId"));
      sameNetwork(table, textAt(from, "vpcId"), `association ${id}`);
      if (textAt(found, "gatewayId") !== "") await checkForGateway(ec2, table);
    },
  },
  "ec2:DisassociateRouteTable": {
    check: async ({ call, ec2 }) => {
      const id = call.params.AssociationId ?? "";
      const found = (await associations(ec2)).find((one) => textAt(one, "routeTableAssociationId") === id);
      if (found === undefined) throw noAssociation(id);
      if (textAt(found, "main") !== "true") return;
      throw new AwsError(
        "InvalidParameterValue",
        `cannot disassociate the main route table association ${id}`,
      );
    },
  },
};

async function checkAssociation({ call, ec2 }: Context): Promise<void> {
  const { RouteTableId: id = "", SubnetId: subnetId, GatewayId: gatewayId } = call.params;
  const table = await find(ec2, "routeTables", id);
  if (subnetId !== undefined && gatewayId !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      "The request can have a subnetId or a gatewayId, not both",
    );
  }
  if (subnetId !== undefined) {
    sameNetwork(table, textAt(await find(ec2, "subnets", subnetId), "vpcId"), `subnet ${subnetId}`);
    const other = await holder(ec2, "subnetId", subnetId);
    // With the same table the action answers with the association that is there.
    if (other !== undefined && textAt(other, "routeTableId") !== id) throw taken(id);
    return;
  }
  if (gatewayId === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameter subnetId or gatewayId");
  }
  if (gatewayId.startsWith("vgw-")) {
    throw notImplemented("route tables of virtual private gateways", "The lab has internet gateways.");
  }
  const gateway = await find(ec2, "internetGateways", gatewayId);
  const [attachment] = itemsAt(gateway, "attachmentSet");
  if (attachment === undefined) {
    throw new AwsError("Gateway.NotAttached", `resource ${gatewayId} is not attached to any network`);
  }
  sameNetwork(table, textAt(attachment, "vpcId"), `network gateway ${gatewayId}`);
  if ((await holder(ec2, "gatewayId", gatewayId)) !== undefined) throw taken(id);
  await checkForGateway(ec2, table);
}

function associations(ec2: Ec2Region): Promise<XmlElement[]> {
  return ec2
    .list("routeTables")
    .then((tables) => tables.flatMap((table) => itemsAt(table, "associationSet")));
}

async function holder(ec2: Ec2Region, field: string, id: string): Promise<XmlElement | undefined> {
  return (await associations(ec2)).find((one) => textAt(one, field) === id);
}

function sameNetwork(table: XmlElement, vpcId: string, what: string): void {
  if (textAt(table, "vpcId") === vpcId) return;
  throw new AwsError(
    "InvalidParameterValue",
    `route table ${textAt(table, "routeTableId")} and ${what} belong to different networks`,
  );
}

function taken(tableId: string): AwsError {
  return new AwsError(
    "Resource.AlreadyAssociated",
    `the specified association for route table ${tableId} conflicts with an existing association`,
  );
}

function noAssociation(id: string): AwsError {
  return new AwsError("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
}
