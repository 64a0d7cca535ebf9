import { types } from "./types";

/** Types that make up a failover environment and take tags. Others are not judged: AWS has hundreds, and some take none. */
export const taggableTypes: readonly string[] = [
  types.instance,
  types.networkInterface,
  types.eip,
  types.vpc,
  types.subnet,
  types.routeTable,
  types.securityGroup,
  types.zone,
  types.resolverEndpoint,
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ec2transitgateway/transitGateway:TransitGateway",
  "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
];
