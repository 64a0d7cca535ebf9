import type { XmlElement } from "../gateway/xml";
import { itemsAt, textAt } from "../gateway/xml";

/** The kinds of resources that the gateway looks at, each with moto's action and where its answer has the list. */
export const SOURCES = {
  addresses: ["DescribeAddresses", "addressesSet"],
  availabilityZones: ["DescribeAvailabilityZones", "availabilityZoneInfo"],
  dhcpOptions: ["DescribeDhcpOptions", "dhcpOptionsSet"],
  instances: ["DescribeInstances", "reservationSet"],
  /** Status checks: moto's are not used. */
  instanceStatuses: ["DescribeInstanceStatus", "instanceStatusSet"],
  internetGateways: ["DescribeInternetGateways", "internetGatewaySet"],
  natGateways: ["DescribeNatGateways", "natGatewaySet"],
  networkAcls: ["DescribeNetworkAcls", "networkAclSet"],
  networkInterfaces: ["DescribeNetworkInterfaces", "networkInterfaceSet"],
  regions: ["DescribeRegions", "regionInfo"],
  routeTables: ["DescribeRouteTables", "routeTableSet"],
  securityGroupRules: ["DescribeSecurityGroupRules", "securityGroupRuleSet"],
  securityGroups: ["DescribeSecurityGroups", "securityGroupInfo"],
  subnets: ["DescribeSubnets", "subnetSet"],
  tags: ["DescribeTags", "tagSet"],
  transitGatewayAttachments: ["DescribeTransitGatewayAttachments", "transitGatewayAttachments"],
  transitGatewayRouteTables: ["DescribeTransitGatewayRouteTables", "transitGatewayRouteTables"],
  transitGatewayVpcAttachments: ["DescribeTransitGatewayVpcAttachments", "transitGatewayVpcAttachments"],
  transitGateways: ["DescribeTransitGateways", "transitGatewaySet"],
  volumes: ["DescribeVolumes", "volumeSet"],
  vpcEndpoints: ["DescribeVpcEndpoints", "vpcEndpointSet"],
  vpcs: ["DescribeVpcs", "vpcSet"],
} as const satisfies Record<string, readonly [action: string, list: string]>;

export type Kind = keyof typeof SOURCES;

/** Which kinds an action changes. Not listed: all may have changed. */
const CHANGES: Record<string, readonly Kind[]> = {
  CreateRoute: ["routeTables"],
  ReplaceRoute: ["routeTables"],
  DeleteRoute: ["routeTables"],
  AssociateRouteTable: ["routeTables"],
  DisassociateRouteTable: ["routeTables"],
  ReplaceRouteTableAssociation: ["routeTables"],
  AttachNetworkInterface: ["networkInterfaces", "instances"],
  DetachNetworkInterface: ["networkInterfaces", "instances"],
  CreateNetworkInterface: ["networkInterfaces", "subnets", "tags"],
  DeleteNetworkInterface: ["networkInterfaces", "subnets", "tags"],
  ModifyNetworkInterfaceAttribute: ["networkInterfaces", "instances"],
  ModifyInstanceAttribute: ["networkInterfaces", "instances"],
  StartInstances: ["instances", "networkInterfaces"],
  StopInstances: ["instances", "networkInterfaces"],
  RebootInstances: [],
  RunInstances: ["addresses", "instances", "networkInterfaces", "subnets", "tags", "volumes"],
  TerminateInstances: ["addresses", "instances", "networkInterfaces", "subnets", "tags", "volumes"],
  /** Only what is shown changes, not what moto has. */
  StateChange: [],
};

export function changedKinds(action: string): readonly Kind[] {
  return CHANGES[action] ?? (Object.keys(SOURCES) as Kind[]);
}

/** Instances come grouped by reservation; each is given the reservation's fields under names that no field has. */
export function ungrouped(reservations: XmlElement[]): XmlElement[] {
  return reservations.flatMap((reservation) =>
    itemsAt(reservation, "instancesSet").map((instance) => ({
      ...instance,
      "#reservationId": textAt(reservation, "reservationId"),
      "#ownerId": textAt(reservation, "ownerId"),
    })),
  );
}
