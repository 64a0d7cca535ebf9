import { flag, required, text } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, textOf } from "../../context";
import { resource } from "../../define";
import { cidr } from "../../normalise";

/** Its id is TABLE_DESTINATION, also for import. */
export const transitGatewayRoute = resource({
  token: "aws:ec2transitgateway/route:Route",
  inputs: {
    transitGatewayRouteTableId: required(text({ forceNew: true })),
    destinationCidrBlock: required(text({ forceNew: true, normalise: cidr })),
    transitGatewayAttachmentId: text({ forceNew: true }),
    blackhole: flag({ forceNew: true, default: false }),
  },
  outputs: [],
  gone: ["InvalidRoute.NotFound", "InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound"],
  check: (inputs) =>
    inputs.blackhole === true || inputs.transitGatewayAttachmentId !== undefined
      ? []
      : [
          {
            property: "transitGatewayAttachmentId",
            reason: "transitGatewayAttachmentId or blackhole: true must be set. Set one.",
          },
        ],
  async create(context, inputs) {
    await context.ec2("CreateTransitGatewayRoute", {
      TransitGatewayRouteTableId: inputs.transitGatewayRouteTableId,
      DestinationCidrBlock: inputs.destinationCidrBlock,
      TransitGatewayAttachmentId: inputs.transitGatewayAttachmentId,
      Blackhole: inputs.blackhole,
    });
    return `${inputs.transitGatewayRouteTableId}_${inputs.destinationCidrBlock}`;
  },
  async read(context, id) {
    const [tableId = "", destination = ""] = id.split("_");
    if (destination === "")
      throw new Error(`a route is named ROUTETABLEID_DESTINATION, and not "${id}". Use that form.`);
    const it = await find(context, tableId, destination);
    if (!it || it.State === "deleted" || it.State === "deleting") return undefined;
    return {
      id,
      transitGatewayRouteTableId: tableId,
      destinationCidrBlock: it.DestinationCidrBlock,
      transitGatewayAttachmentId: it.TransitGatewayAttachments?.[0]?.TransitGatewayAttachmentId ?? "",
      blackhole: it.State === "blackhole" && !it.TransitGatewayAttachments?.length,
    };
  },
  async delete(context, _id, state) {
    const tableId = textOf(state, "transitGatewayRouteTableId");
    const destination = textOf(state, "destinationCidrBlock");
    await context.ec2("DeleteTransitGatewayRoute", {
      TransitGatewayRouteTableId: tableId,
      DestinationCidrBlock: destination,
    });
    await until(context, `the route to ${destination} to go`, async () => {
      const it = await find(context, tableId, destination);
      return !it || it.State === "deleted" ? true : undefined;
    });
  },
});

async function find(context: AwsContext, tableId: string, destination: string) {
  const { Routes } = await context.ec2("SearchTransitGatewayRoutes", {
    TransitGatewayRouteTableId: tableId,
    Filters: [{ Name: "type", Values: ["static"] }],
  });
  return Routes?.find((route) => cidr(route.DestinationCidrBlock ?? "") === cidr(destination));
}
