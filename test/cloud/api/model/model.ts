import type { CloudModel, Vpc } from "../../model";
import { ACCOUNT_ID } from "../admin/types";
import type { Zones } from "../dns/zones";
import type { Ec2Region } from "../ec2/region";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";
import type { Directory } from "../iam/directory";
import type { CloudSettings } from "../settings";
import { hostedZones } from "./hosted-zones";
import { instances } from "./instances";
import { internetGateway, natGateway, networkInterface, routeTable, subnet } from "./network";
import { securityGroup } from "./security-groups";
import { transitGateways } from "./transit";

/** What a model is made from. */
export interface Sources {
  readonly cloudId: string;
  /** Number of the last change event. */
  readonly n: number;
  readonly ec2: Ec2Region;
  readonly zones: Zones;
  readonly directory: Directory;
  readonly settings: Readonly<CloudSettings>;
}

/** Decodes what is in a region. To be called while no call is changing anything. */
export async function modelOf({ cloudId, n, ec2, zones, directory, settings }: Sources): Promise<CloudModel> {
  return {
    cloudId,
    accountId: ACCOUNT_ID,
    region: ec2.name,
    n,
    vpcs: await Promise.all((await ec2.list("vpcs")).map((element) => vpc(ec2, element))),
    subnets: (await ec2.list("subnets")).map(subnet),
    routeTables: (await ec2.list("routeTables")).map(routeTable),
    networkInterfaces: (await ec2.list("networkInterfaces")).map(networkInterface),
    securityGroups: (await ec2.list("securityGroups")).map(securityGroup),
    internetGateways: (await ec2.list("internetGateways")).map(internetGateway),
    natGateways: (await ec2.list("natGateways")).map(natGateway),
    transitGateways: await transitGateways(ec2),
    keyPairs: [...ec2.publicKeys].map(([name, publicKey]) => ({ name, publicKey })),
    instances: await instances(ec2, directory),
    hostedZones: hostedZones(zones, ec2.name, settings),
    resolverPacketsPerSecond: settings.resolverPacketsPerSecond,
  };
}

async function vpc(ec2: Ec2Region, element: XmlElement): Promise<Vpc> {
  const id = textAt(element, "vpcId");
  const isOn = async (attribute: string): Promise<boolean> =>
    (await ec2.attribute(
      "DescribeVpcAttribute",
      { VpcId: id, Attribute: attribute },
      `${attribute}.value`,
    )) === "true";
  const primary = textAt(element, "cidrBlock");
  const all = itemsAt(element, "cidrBlockAssociationSet").map((one) => textAt(one, "cidrBlock"));
  return {
    id,
    cidrBlocks: [primary, ...all.filter((block) => block !== primary)],
    enableDnsSupport: await isOn("enableDnsSupport"),
    enableDnsHostnames: await isOn("enableDnsHostnames"),
  };
}
