import { AwsError } from "../gateway/errors";

type Missing = (ids: string[]) => AwsError;

/** "The <noun> ID 'x' does not exist", as most of EC2 says it. */
function notFound(code: string, noun: string): Missing {
  return (ids) => {
    const list = ids.join(", ");
    const what = ids.length > 1 ? `${noun} IDs '${list}' do` : `${noun} ID '${list}' does`;
    return new AwsError(code, `The ${what} not exist`);
  };
}

/** What EC2 says about ids that do not exist. */
export const missing = {
  address: notFound("InvalidAllocationID.NotFound", "allocation"),
  availabilityZone: (names: string[]) =>
    new AwsError("InvalidParameterValue", `Invalid availability zone: [${names.join(", ")}]`),
  attachment: notFound("InvalidAttachmentID.NotFound", "attachment"),
  dhcpOptions: notFound("InvalidDhcpOptionID.NotFound", "dhcpOption"),
  instance: notFound("InvalidInstanceID.NotFound", "instance"),
  internetGateway: notFound("InvalidInternetGatewayID.NotFound", "internetGateway"),
  natGateway: (ids: string[]) =>
    new AwsError("NatGatewayNotFound", `The Nat Gateway ${ids.join(", ")} was not found`),
  networkAcl: notFound("InvalidNetworkAclID.NotFound", "networkAcl"),
  networkInterface: notFound("InvalidNetworkInterfaceID.NotFound", "networkInterface"),
  publicAddress: (addresses: string[]) =>
    new AwsError("InvalidAddress.NotFound", `Address '${addresses.join(", ")}' not found.`),
  region: (names: string[]) =>
    new AwsError("InvalidParameterValue", `Invalid value '${names.join(", ")}' for region name`),
  routeTable: notFound("InvalidRouteTableID.NotFound", "routeTable"),
  securityGroup: (ids: string[]) =>
    new AwsError("InvalidGroup.NotFound", `The security group '${ids.join(", ")}' does not exist`),
  securityGroupRule: (ids: string[]) =>
    new AwsError(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${ids.join(", ")}' does not exist`,
    ),
  subnet: notFound("InvalidSubnetID.NotFound", "subnet"),
  transitGateway: (ids: string[]) =>
    new AwsError(
      "InvalidTransitGatewayID.NotFound",
      `Transit Gateway ${ids.join(", ")} was deleted or does not exist.`,
    ),
  transitGatewayAttachment: (ids: string[]) =>
    new AwsError(
      "InvalidTransitGatewayAttachmentID.NotFound",
      `Transit Gateway Attachment ${ids.join(", ")} was deleted or does not exist.`,
    ),
  transitGatewayRouteTable: (ids: string[]) =>
    new AwsError(
      "InvalidRouteTableID.NotFound",
      `Transit Gateway Route Table ${ids.join(", ")} was deleted or does not exist.`,
    ),
  volume: (ids: string[]) =>
    new AwsError("InvalidVolume.NotFound", `The volume '${ids.join(", ")}' does not exist.`),
  vpc: notFound("InvalidVpcID.NotFound", "vpc"),
  vpcEndpoint: (ids: string[]) =>
    new AwsError("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${ids.join(", ")}' does not exist`),
} satisfies Record<string, Missing>;
