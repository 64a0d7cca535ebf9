import { canonicalCidr } from "../ec2/cidr";
import { ec2Reply } from "../ec2/describe";
import { filtered, type FilterTable } from "../ec2/filters";
import { missing } from "../ec2/missing";
import { paged } from "../ec2/pages";
import type { Ec2Region } from "../ec2/region";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { checkTable, propagationsTo, vpcAttachment } from "./transit-gateway-tables";

/** Routes of transit gateways. Static ones are kept here: moto forgets which attachment a route leads to. */
export const transitGatewayRouteHandlers: Handlers = {
  "ec2:CreateTransitGatewayRoute": {
    check: async (context) => {
      const { key, destination } = await keyOf(context);
      await checkTarget(context);
      if (!context.ec2.transitRoutes.has(key)) return;
      throw new AwsError(
        "RouteAlreadyExists",
        `Route ${destination} already exists in Transit Gateway Route Table ${tableOf(context)}.`,
      );
    },
    run: put,
  },
  "ec2:ReplaceTransitGatewayRoute": {
    check: async (context) => {
      await existing(context);
      await checkTarget(context);
    },
    run: put,
  },
  "ec2:DeleteTransitGatewayRoute": {
    check: async (context) => {
      await existing(context);
    },
    run: async (context) => {
      const { key, destination } = await keyOf(context);
      const route = await shown(context.ec2, destination, context.ec2.transitRoutes.get(key) ?? "");
      context.ec2.transitRoutes.delete(key);
      return ec2Reply(context.call.action, { route: { ...route, state: "deleted" } });
    },
  },
  "ec2:SearchTransitGatewayRoutes": {
    run: async (context) => {
      const { call, ec2 } = context;
      const table = tableOf(context);
      await checkTable(ec2, table);
      const routes = [];
      for (const [key, attachment] of ec2.transitRoutes) {
        const [id = "", destination = ""] = key.split(" ");
        if (id === table) routes.push(await shown(ec2, destination, attachment));
      }
      const all = [...routes, ...(await propagated(ec2, table, new Set(routes.map(destinationOf))))];
      const { page, nextToken } = paged(filtered(all, context, FILTERS), call);
      return ec2Reply(call.action, {
        routeSet: { item: page },
        additionalRoutesAvailable: String(nextToken !== ""),
        ...(nextToken === "" ? {} : { nextToken }),
      });
    },
  },
};

const FILTERS: FilterTable = {
  "attachment.resource-id": "transitGatewayAttachments.resourceId",
  "attachment.resource-type": "transitGatewayAttachments.resourceType",
  "attachment.transit-gateway-attachment-id": "transitGatewayAttachments.transitGatewayAttachmentId",
  "route-search.exact-match": "destinationCidrBlock",
  state: "state",
  type: "type",
};

async function put(context: Context): ReturnType<Context["forward"]> {
  const { call, ec2 } = context;
  const { key, destination } = await keyOf(context);
  const attachment = call.params.Blackhole === "true" ? "" : (call.params.TransitGatewayAttachmentId ?? "");
  ec2.transitRoutes.set(key, attachment);
  return ec2Reply(call.action, { route: await shown(ec2, destination, attachment) });
}

function tableOf({ call }: Context): string {
  return call.params.TransitGatewayRouteTableId ?? "";
}

async function keyOf(context: Context): Promise<{ key: string; destination: string }> {
  const table = tableOf(context);
  await checkTable(context.ec2, table);
  const destination = canonicalCidr(context.call.params.DestinationCidrBlock ?? "", "destinationCidrBlock");
  return { key: `${table} ${destination}`, destination };
}

async function existing(context: Context): Promise<void> {
  const { key, destination } = await keyOf(context);
  if (context.ec2.transitRoutes.has(key)) return;
  throw new AwsError(
    "InvalidRoute.NotFound",
    `Route ${destination} does not exist in Transit Gateway Route Table ${tableOf(context)}.`,
  );
}

async function checkTarget({ call, ec2 }: Context): Promise<void> {
  const id = call.params.TransitGatewayAttachmentId;
  if (call.params.Blackhole === "true" && id === undefined) return;
  if (id === undefined || call.params.Blackhole === "true") {
    throw new AwsError(
      "InvalidParameterCombination",
      "A route has either TransitGatewayAttachmentId or Blackhole",
    );
  }
  if ((await vpcAttachment(ec2, id)) === undefined) throw missing.transitGatewayAttachment([id]);
}

async function shown(ec2: Ec2Region, destinationCidrBlock: string, id: string): Promise<XmlElement> {
  const attachment = id === "" ? undefined : await vpcAttachment(ec2, id);
  if (attachment === undefined) return { destinationCidrBlock, type: "static", state: "blackhole" };
  return { destinationCidrBlock, ...leadingTo(attachment), type: "static", state: "active" };
}

function leadingTo(attachment: XmlElement): XmlElement {
  const item = {
    resourceId: textAt(attachment, "resourceId"),
    resourceType: textAt(attachment, "resourceType"),
    transitGatewayAttachmentId: textAt(attachment, "transitGatewayAttachmentId"),
  };
  return { transitGatewayAttachments: { item: [item] } };
}

const destinationOf = (route: XmlElement): string => textAt(route, "destinationCidrBlock");

/** Blocks of VPCs whose attachments propagate to the table. A static route to the same block hides one of them. */
async function propagated(ec2: Ec2Region, table: string, hidden: ReadonlySet<string>): Promise<XmlElement[]> {
  const vpcs = await ec2.list("vpcs");
  const routes: XmlElement[] = [];
  for (const id of await propagationsTo(ec2, table)) {
    const attachment = await vpcAttachment(ec2, id);
    const vpc = vpcs.find((one) => attachment && textAt(one, "vpcId") === textAt(attachment, "resourceId"));
    if (attachment === undefined || vpc === undefined) continue;
    for (const block of itemsAt(vpc, "cidrBlockAssociationSet").map((one) => textAt(one, "cidrBlock")))
      if (!hidden.has(block))
        routes.push({
          destinationCidrBlock: block,
          ...leadingTo(attachment),
          type: "propagated",
          state: "active",
        });
  }
  return routes;
}
