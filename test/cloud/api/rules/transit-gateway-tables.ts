import { missing } from "../ec2/missing";
import type { Ec2Region } from "../ec2/region";
import { AwsError } from "../gateway/errors";
import type { Context, Handler, Handlers } from "../gateway/handler";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

/** Associations of attachments with route tables, one each, and propagations to them, any number. */
export const transitGatewayTableHandlers: Handlers = {
  "ec2:AssociateTransitGatewayRouteTable": checked(({ attachment }, id) => {
    if (associatedWith(attachment) === "") return;
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `Transit Gateway Attachment ${id} is already associated to a route table.`,
    );
  }),
  "ec2:DisassociateTransitGatewayRouteTable": checked(({ attachment, table }, id) => {
    if (associatedWith(attachment) === table) return;
    throw new AwsError(
      "InvalidAssociation.NotFound",
      `Transit Gateway Attachment ${id} is not associated with ${table}.`,
    );
  }),
  "ec2:EnableTransitGatewayRouteTablePropagation": checked(({ propagates, table }, id) => {
    if (!propagates) return;
    throw new AwsError(
      "TransitGatewayRouteTablePropagation.Duplicate",
      `Propagation ${id} already exists in Transit Gateway Route Table ${table}.`,
    );
  }),
  "ec2:DisableTransitGatewayRouteTablePropagation": checked(({ propagates, table }, id) => {
    if (propagates) return;
    throw new AwsError(
      "TransitGatewayRouteTablePropagation.NotFound",
      `Propagation ${id} does not exist in Transit Gateway Route Table ${table}.`,
    );
  }),
};

interface Found {
  readonly table: string;
  readonly attachment: XmlElement;
  readonly propagates: boolean;
}

/** A handler that checks what is there; moto does the rest. */
function checked(check: (found: Found, attachmentId: string) => void): Handler {
  return {
    check: async ({ call, ec2 }: Context) => {
      const table = call.params.TransitGatewayRouteTableId ?? "";
      const id = call.params.TransitGatewayAttachmentId ?? "";
      await checkTable(ec2, table);
      const attachment = await vpcAttachment(ec2, id);
      if (attachment === undefined) throw missing.transitGatewayAttachment([id]);
      check({ table, attachment, propagates: (await propagationsTo(ec2, table)).includes(id) }, id);
    },
  };
}

export async function checkTable(ec2: Ec2Region, table: string): Promise<void> {
  const tables = await ec2.list("transitGatewayRouteTables");
  const found = tables.some((one) => textAt(one, "transitGatewayRouteTableId") === table);
  if (!found) throw missing.transitGatewayRouteTable([table]);
}

/** @returns the attachment if it is there and available */
export async function vpcAttachment(ec2: Ec2Region, id: string): Promise<XmlElement | undefined> {
  const attachments = await ec2.list("transitGatewayAttachments");
  return attachments.find(
    (one) => textAt(one, "transitGatewayAttachmentId") === id && textAt(one, "state") === "available",
  );
}

function associatedWith(attachment: XmlElement): string {
  return textAt(attachment, "association.transitGatewayRouteTableId");
}

/** @returns the ids of the attachments whose blocks are propagated to a route table */
export async function propagationsTo(ec2: Ec2Region, table: string): Promise<string[]> {
  const action = "GetTransitGatewayRouteTablePropagations";
  const answer = await ec2.ask(action, { TransitGatewayRouteTableId: table });
  return itemsAt(answer[`${action}Response`], "transitGatewayRouteTablePropagations").map((one) =>
    textAt(one, "transitGatewayAttachmentId"),
  );
}
