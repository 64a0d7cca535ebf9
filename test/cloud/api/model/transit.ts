import type { TransitGateway, TransitGatewayRoute } from "../../model";
import type { Ec2Region } from "../ec2/region";
import { at, textAt, type XmlElement } from "../gateway/xml";

export async function transitGateways(ec2: Ec2Region): Promise<TransitGateway[]> {
  const [gateways, attachments, tables] = await Promise.all([
    ec2.list("transitGateways"),
    ec2.list("transitGatewayVpcAttachments"),
    ec2.list("transitGatewayRouteTables"),
  ]);
  const usable = attachments.filter((one) => textAt(one, "state") === "available").map(idOf);
  return gateways
    .filter((gateway) => !["deleting", "deleted"].includes(textAt(gateway, "state")))
    .map((gateway) => {
      const id = textAt(gateway, "transitGatewayId");
      const own = (one: XmlElement): boolean => textAt(one, "transitGatewayId") === id;
      return {
        id,
        attachments: attachments.filter(own).map((one) => ({
          id: idOf(one),
          vpcId: textAt(one, "vpcId"),
          subnetIds: textsAt(one, "subnetIds"),
          state: textAt(one, "state"),
        })),
        routeTables: tables.filter(own).map((table) => {
          const tableId = textAt(table, "transitGatewayRouteTableId");
          const isDefault = textAt(table, "defaultAssociationRouteTable") === "true";
          return { id: tableId, isDefault, routes: staticRoutes(ec2, tableId, usable) };
        }),
      };
    });
}

function staticRoutes(ec2: Ec2Region, tableId: string, usable: readonly string[]): TransitGatewayRoute[] {
  return [...ec2.transitRoutes].flatMap(([key, attachmentId]) => {
    const [table, destinationCidrBlock = ""] = key.split(" ");
    if (table !== tableId) return [];
    return [
      { destinationCidrBlock, attachmentId, state: usable.includes(attachmentId) ? "active" : "blackhole" },
    ];
  });
}

function idOf(attachment: XmlElement): string {
  return textAt(attachment, "transitGatewayAttachmentId");
}

function textsAt(element: XmlElement, list: string): string[] {
  const items = at(element, `${list}.item`);
  return Array.isArray(items) ? items.filter((one): one is string => typeof one === "string") : [];
}
