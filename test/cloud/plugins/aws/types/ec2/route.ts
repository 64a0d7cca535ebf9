import { atMostOne, exactlyOne } from "../../../frame/check";
import { required, text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, textOf } from "../../context";
import { resource } from "../../define";
import { cidr } from "../../normalise";
import { hashcode } from "./hashcode";
import { destinationOf, findRoute, fromAws, TARGETS, targetOf } from "./routes";

const targets = Object.keys(TARGETS);
const destinations = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];

export const route = resource({
  token: "aws:ec2/route:Route",
  inputs: {
    routeTableId: required(text({ forceNew: true })),
    destinationCidrBlock: text({ forceNew: true, normalise: cidr }),
    destinationIpv6CidrBlock: text({ forceNew: true, normalise: cidr }),
    destinationPrefixListId: text({ forceNew: true }),
    gatewayId: text(),
    natGatewayId: text(),
    networkInterfaceId: text({ computed: true }),
    transitGatewayId: text(),
    vpcEndpointId: text(),
    vpcPeeringConnectionId: text(),
    egressOnlyGatewayId: text(),
    carrierGatewayId: text(),
    localGatewayId: text(),
    coreNetworkArn: text(),
  },
  outputs: words("instanceId instanceOwnerId origin state"),
  follows: Object.fromEntries(targets.map((target) => [target, ["instanceId", "instanceOwnerId", "state"]])),
  gone: ["InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"],
  check: (inputs) =>
    [
      ...exactlyOne(inputs, destinations),
      ...exactlyOne(inputs, targets),
      ...atMostOne(inputs, targets),
    ].slice(0, 2),
  async create(context, inputs) {
    const destination = destinationOf(inputs);
    const tableId = inputs.routeTableId;
    await context.ec2("CreateRoute", { RouteTableId: tableId, ...destination, ...targetOf(inputs) });
    const id = `r-${tableId}${String(hashcode(Object.values(destination)[0] ?? ""))}`;
    context.created(id);
    await until(context, `the route in ${tableId} to appear`, () => find(context, tableId, destination), {
      limit: 300_000,
    });
    return id;
  },
  async read(context, id, prior) {
    const known = Object.keys(prior.state).length > 0 ? prior.state : prior.inputs;
    const asked = Object.keys(known).length > 0 ? known : parseImport(id);
    const tableId = textOf(asked, "routeTableId");
    const destination = destinationOf(asked);
    const it = await find(context, tableId, destination);
    if (!it) return undefined;
    const { cidrBlock, ipv6CidrBlock, ...rest } = fromAws(it);
    return {
      id: `r-${tableId}${String(hashcode(Object.values(destination)[0] ?? ""))}`,
      routeTableId: tableId,
      destinationCidrBlock: cidrBlock,
      destinationIpv6CidrBlock: ipv6CidrBlock,
      ...rest,
      instanceId: it.InstanceId ?? "",
      instanceOwnerId: it.InstanceOwnerId ?? "",
      origin: it.Origin,
      state: it.State,
    };
  },
  async update(context, _id, news) {
    await context.ec2("ReplaceRoute", {
      RouteTableId: news.routeTableId,
      ...destinationOf(news),
      ...targetOf(news),
    });
  },
  async delete(context, _id, state) {
    const tableId = textOf(state, "routeTableId");
    const destination = destinationOf(state);
    await context.ec2("DeleteRoute", { RouteTableId: tableId, ...destination });
    await until(context, `the route in ${tableId} to go`, async () =>
      (await find(context, tableId, destination)) ? undefined : true,
    );
  },
});

async function find(context: AwsContext, tableId: string, destination: Record<string, string>) {
  const { RouteTables } = await context.ec2("DescribeRouteTables", { RouteTableIds: [tableId] });
  return findRoute(RouteTables?.[0]?.Routes, destination);
}

/** The form that the official documentation gives for import: ROUTETABLEID_DESTINATION. */
function parseImport(id: string): Record<string, string> {
  const [tableId = "", destination = ""] = id.split("_");
  if (!tableId.startsWith("rtb-") || destination === "") {
    throw new Error(
      `a route is imported by ROUTETABLEID_DESTINATION, such as rtb-0a1b2c3d_10.0.0.0/16, and not by "${id}".`,
    );
  }
  if (destination.startsWith("pl-")) return { routeTableId: tableId, destinationPrefixListId: destination };
  return {
    routeTableId: tableId,
    [destination.includes(":") ? "destinationIpv6CidrBlock" : "destinationCidrBlock"]: destination,
  };
}
