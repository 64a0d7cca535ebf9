import { flag, required, text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, textOf } from "../../context";
import { type AwsDefinition, resource } from "../../define";

const ids = {
  transitGatewayAttachmentId: required(text({ forceNew: true })),
  transitGatewayRouteTableId: required(text({ forceNew: true })),
};

/** An attachment's place in a route table, as a list of the table shows it. */
interface Membership {
  readonly TransitGatewayAttachmentId?: string;
  readonly ResourceId?: string;
  readonly ResourceType?: string;
  readonly State?: string;
}

interface Calls {
  readonly list: (
    context: AwsContext,
    table: string,
    Filters: { Name: string; Values: string[] }[],
  ) => Promise<Membership[]>;
  readonly enter: (context: AwsContext, table: string, attachment: string) => Promise<unknown>;
  readonly leave: (context: AwsContext, table: string, attachment: string) => Promise<unknown>;
  /** State of a membership that is complete. */
  readonly complete: string;
}

/** Associations and propagations differ in their calls alone. The id of both is TABLE_ATTACHMENT, also for import. */
function membership(what: string, calls: Calls): Omit<AwsDefinition, "token" | "inputs" | "outputs"> {
  const find = async (
    context: AwsContext,
    table: string,
    attachment: string,
  ): Promise<Membership | undefined> => {
    const Filters = [{ Name: "transit-gateway-attachment-id", Values: [attachment] }];
    return (await calls.list(context, table, Filters))[0];
  };
  const named = (id: string): [string, string] => {
    const [table = "", attachment = ""] = id.split("_");
    if (attachment === "")
      throw new Error(`${what} is named ROUTETABLEID_ATTACHMENTID, and not "${id}". Use that form.`);
    return [table, attachment];
  };
  return {
    gone: [
      "InvalidAssociation.NotFound",
      "InvalidRouteTableID.NotFound",
      "InvalidRouteTableId.NotFound",
      "InvalidTransitGatewayAttachmentID.NotFound",
      "TransitGatewayRouteTablePropagation.NotFound",
    ],
    async create(context, inputs) {
      const table = textOf(inputs, "transitGatewayRouteTableId");
      const attachment = textOf(inputs, "transitGatewayAttachmentId");
      await calls.enter(context, table, attachment);
      await until(context, `${what} of ${attachment} with ${table}`, async () =>
        (await find(context, table, attachment))?.State === calls.complete ? true : undefined,
      );
      return `${table}_${attachment}`;
    },
    async read(context, id) {
      const [table, attachment] = named(id);
      const it = await find(context, table, attachment);
      if (it?.State !== calls.complete) return undefined;
      return {
        id,
        transitGatewayRouteTableId: table,
        transitGatewayAttachmentId: attachment,
        resourceId: it.ResourceId,
        resourceType: it.ResourceType,
      };
    },
    async delete(context, id) {
      const [table, attachment] = named(id);
      await calls.leave(context, table, attachment);
      await until(context, `${what} of ${attachment} with ${table} to go`, async () =>
        (await find(context, table, attachment)) === undefined ? true : undefined,
      );
    },
  };
}

const memberIds = (table: string, attachment: string) => ({
  TransitGatewayRouteTableId: table,
  TransitGatewayAttachmentId: attachment,
});

const association = membership("an association", {
  list: async (context, TransitGatewayRouteTableId, Filters) =>
    (await context.ec2("GetTransitGatewayRouteTableAssociations", { TransitGatewayRouteTableId, Filters }))
      .Associations ?? [],
  enter: (context, ...names) => context.ec2("AssociateTransitGatewayRouteTable", memberIds(...names)),
  leave: (context, ...names) => context.ec2("DisassociateTransitGatewayRouteTable", memberIds(...names)),
  complete: "associated",
});

export const transitGatewayAssociation = resource({
  ...association,
  token: "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
  inputs: { ...ids, replaceExistingAssociation: flag() },
  outputs: words("resourceId resourceType"),
  check: (inputs) =>
    inputs.replaceExistingAssociation === true
      ? [
          {
            property: "replaceExistingAssociation",
            reason: "true isn't handled by the offline cloud's stand-in. Leave it out.",
          },
        ]
      : [],
  update: () => Promise.resolve(),
});

export const transitGatewayPropagation = resource({
  ...membership("a propagation", {
    list: async (context, TransitGatewayRouteTableId, Filters) =>
      (await context.ec2("GetTransitGatewayRouteTablePropagations", { TransitGatewayRouteTableId, Filters }))
        .TransitGatewayRouteTablePropagations ?? [],
    enter: (context, ...names) =>
      context.ec2("EnableTransitGatewayRouteTablePropagation", memberIds(...names)),
    leave: (context, ...names) =>
      context.ec2("DisableTransitGatewayRouteTablePropagation", memberIds(...names)),
    complete: "enabled",
  }),
  token: "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation",
  inputs: ids,
  outputs: words("resourceId resourceType"),
});
