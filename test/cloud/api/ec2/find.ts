import type { AwsError } from "../gateway/errors";
import { textAt, type XmlElement } from "../gateway/xml";
import { missing } from "./missing";
import type { RegionState } from "./region-state";
import type { Kind } from "./sources";

const IDS = {
  instances: ["instanceId", missing.instance],
  internetGateways: ["internetGatewayId", missing.internetGateway],
  natGateways: ["natGatewayId", missing.natGateway],
  networkInterfaces: ["networkInterfaceId", missing.networkInterface],
  routeTables: ["routeTableId", missing.routeTable],
  securityGroups: ["groupId", missing.securityGroup],
  subnets: ["subnetId", missing.subnet],
  transitGateways: ["transitGatewayId", missing.transitGateway],
  vpcs: ["vpcId", missing.vpc],
} as const satisfies Partial<Record<Kind, readonly [string, (ids: string[]) => AwsError]>>;

/** The resource with the id, as AWS shows it. @throws AwsError as AWS words it if there is none */
export async function find(region: RegionState, kind: keyof typeof IDS, id: string): Promise<XmlElement> {
  const [field, absent] = IDS[kind];
  const found = (await region.list(kind)).find((item) => textAt(item, field) === id);
  if (found === undefined) throw absent([id]);
  return found;
}
