/** Inline routes: the table has these and no others, as the official provider takes `routes`. */
import { list, object, set, text } from "../../../frame/fields";
import { type Values } from "../../../frame/values";
import { type AwsContext } from "../../context";
import { cidr } from "../../normalise";
import { asRoutes, destinationOf, keyOf, targetOf } from "./routes";

const route = object({
  cidrBlock: text({ normalise: cidr }),
  ipv6CidrBlock: text({ normalise: cidr }),
  destinationPrefixListId: text(),
  gatewayId: text(),
  natGatewayId: text(),
  networkInterfaceId: text(),
  transitGatewayId: text(),
  vpcEndpointId: text(),
  vpcPeeringConnectionId: text(),
  egressOnlyGatewayId: text(),
  carrierGatewayId: text(),
  localGatewayId: text(),
  coreNetworkArn: text(),
});

export const routesField = set(route, { computed: true });
export const gatewaysField = list(text(), { computed: true });

export async function applyRoutes(
  context: AwsContext,
  tableId: string,
  wanted: unknown,
  had: unknown,
): Promise<void> {
  const byKey = (routes: unknown): Map<string, Values> =>
    new Map(asRoutes(routes).map((r) => [keyOf(destinationOf(r)), r]));
  const [after, before] = [byKey(wanted), byKey(had)];
  for (const [key, old] of before) {
    if (!after.has(key)) await context.ec2("DeleteRoute", { RouteTableId: tableId, ...destinationOf(old) });
  }
  for (const [key, next] of after) {
    const old = before.get(key);
    if (old && JSON.stringify(targetOf(old)) === JSON.stringify(targetOf(next))) continue;
    await context.ec2(old ? "ReplaceRoute" : "CreateRoute", {
      RouteTableId: tableId,
      ...destinationOf(next),
      ...targetOf(next),
    });
  }
}
