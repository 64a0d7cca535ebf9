import { type AwsDefinition } from "../define";
import { defaultRouteTable } from "./ec2/default-route-table";
import { defaultSecurityGroup } from "./ec2/default-security-group";
import { eip } from "./ec2/eip";
import { instance } from "./ec2/instance";
import { internetGateway } from "./ec2/internet-gateway";
import { mainRouteTableAssociation } from "./ec2/main-route-table-association";
import { natGateway } from "./ec2/nat-gateway";
import { networkInterface } from "./ec2/network-interface";
import { networkInterfaceAttachment } from "./ec2/network-interface-attachment";
import { route } from "./ec2/route";
import { routeTable } from "./ec2/route-table";
import { routeTableAssociation } from "./ec2/route-table-association";
import { securityGroup } from "./ec2/security-group";
import { securityGroupRule } from "./ec2/security-group-rule";
import { subnet } from "./ec2/subnet";
import { vpc } from "./ec2/vpc";
import { vpcDhcpOptions } from "./ec2/vpc-dhcp-options";
import { vpcDhcpOptionsAssociation } from "./ec2/vpc-dhcp-options-association";
import { vpcEndpoint } from "./ec2/vpc-endpoint";
import {
  transitGatewayAssociation,
  transitGatewayPropagation,
} from "./ec2transitgateway/route-table-membership";
import { transitGatewayRoute } from "./ec2transitgateway/route";
import { transitGateway } from "./ec2transitgateway/transit-gateway";
import { vpcAttachment } from "./ec2transitgateway/vpc-attachment";
import { instanceProfile } from "./iam/instance-profile";
import { policy } from "./iam/policy";
import { role } from "./iam/role";
import { rolePolicy } from "./iam/role-policy";
import { rolePolicyAttachment } from "./iam/role-policy-attachment";
import { record } from "./route53/record";
import { resolverEndpoint } from "./route53/resolver-endpoint";
import { zone } from "./route53/zone";
import { zoneAssociation } from "./route53/zone-association";
import { parameter } from "./ssm/parameter";
import { securityGroupEgressRule, securityGroupIngressRule } from "./vpc/security-group-rule";

/** Every type the stand-in serves. */
export const types: readonly AwsDefinition[] = [
  defaultRouteTable,
  defaultSecurityGroup,
  eip,
  instance,
  instanceProfile,
  internetGateway,
  mainRouteTableAssociation,
  natGateway,
  networkInterface,
  networkInterfaceAttachment,
  parameter,
  policy,
  record,
  resolverEndpoint,
  role,
  rolePolicy,
  rolePolicyAttachment,
  route,
  routeTable,
  routeTableAssociation,
  securityGroup,
  securityGroupEgressRule,
  securityGroupIngressRule,
  securityGroupRule,
  subnet,
  transitGateway,
  transitGatewayAssociation,
  transitGatewayPropagation,
  transitGatewayRoute,
  vpc,
  vpcAttachment,
  vpcDhcpOptions,
  vpcDhcpOptionsAssociation,
  vpcEndpoint,
  zone,
  zoneAssociation,
];
