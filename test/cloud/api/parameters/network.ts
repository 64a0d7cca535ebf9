import { type Declarations, FILTERS, FOUND, tags } from "./declaration";

const PERMISSIONS =
  "IpPermissions{IpProtocol FromPort ToPort IpRanges{CidrIp Description} Ipv6Ranges{CidrIpv6 Description} " +
  "PrefixListIds{PrefixListId Description} UserIdGroupPairs{GroupId UserId Description}}";
const ONE_RULE = "IpProtocol FromPort ToPort CidrIp";

/** VPCs, subnets, gateways, route tables, security groups. */
export const networkParameters: Declarations = {
  "ec2:CreateVpc": `CidrBlock InstanceTenancy AmazonProvidedIpv6CidrBlock=false ${tags("vpc")}`,
  "ec2:DeleteVpc": "VpcId",
  "ec2:DescribeVpcs": `VpcIds ${FOUND}`,
  "ec2:DescribeVpcAttribute": "VpcId Attribute=enableDnsSupport|enableDnsHostnames",
  "ec2:ModifyVpcAttribute": "VpcId EnableDnsHostnames{Value} EnableDnsSupport{Value}",
  "ec2:ModifyVpcTenancy": "VpcId InstanceTenancy",
  "ec2:CreateSubnet": `VpcId CidrBlock AvailabilityZone AvailabilityZoneId ${tags("subnet")}`,
  "ec2:DeleteSubnet": "SubnetId",
  "ec2:DescribeSubnets": `SubnetIds ${FOUND}`,
  "ec2:ModifySubnetAttribute": "SubnetId MapPublicIpOnLaunch{Value}",
  "ec2:DescribeNetworkAcls": `NetworkAclIds ${FOUND}`,

  "ec2:CreateDhcpOptions": `DhcpConfigurations{Key Values} ${tags("dhcp-options")}`,
  "ec2:AssociateDhcpOptions": "DhcpOptionsId VpcId",
  "ec2:DeleteDhcpOptions": "DhcpOptionsId",
  "ec2:DescribeDhcpOptions": `DhcpOptionsIds ${FOUND}`,

  "ec2:CreateInternetGateway": tags("internet-gateway"),
  "ec2:AttachInternetGateway": "InternetGatewayId VpcId",
  "ec2:DetachInternetGateway": "InternetGatewayId VpcId",
  "ec2:DeleteInternetGateway": "InternetGatewayId",
  "ec2:DescribeInternetGateways": `InternetGatewayIds ${FOUND}`,
  "ec2:CreateNatGateway": `SubnetId AllocationId ConnectivityType ClientToken ${tags("natgateway")}`,
  "ec2:DeleteNatGateway": "NatGatewayId",
  "ec2:DescribeNatGateways": "NatGatewayIds Filter{Name Values} MaxResults NextToken",

  "ec2:CreateRouteTable": `VpcId ClientToken ${tags("route-table")}`,
  "ec2:DeleteRouteTable": "RouteTableId",
  "ec2:DescribeRouteTables": `RouteTableIds ${FOUND}`,
  "ec2:AssociateRouteTable": "RouteTableId SubnetId GatewayId",
  "ec2:DisassociateRouteTable": "AssociationId",
  "ec2:ReplaceRouteTableAssociation": "AssociationId RouteTableId",
  "ec2:CreateRoute":
    "RouteTableId DestinationCidrBlock GatewayId InstanceId NatGatewayId NetworkInterfaceId TransitGatewayId",
  "ec2:ReplaceRoute":
    "RouteTableId DestinationCidrBlock GatewayId InstanceId NatGatewayId NetworkInterfaceId TransitGatewayId",
  "ec2:DeleteRoute": "RouteTableId DestinationCidrBlock",

  "ec2:CreateSecurityGroup": `GroupName Description VpcId ${tags("security-group")}`,
  "ec2:DeleteSecurityGroup": "GroupId",
  "ec2:DescribeSecurityGroups": `GroupIds ${FOUND}`,
  "ec2:DescribeSecurityGroupRules": `SecurityGroupRuleIds ${FOUND}`,
  "ec2:AuthorizeSecurityGroupEgress": `GroupId ${PERMISSIONS} ${tags("security-group-rule")}`,
  "ec2:AuthorizeSecurityGroupIngress": `GroupId ${PERMISSIONS} ${ONE_RULE} ${tags("security-group-rule")}`,
  "ec2:RevokeSecurityGroupEgress": `GroupId SecurityGroupRuleIds ${PERMISSIONS}`,
  "ec2:RevokeSecurityGroupIngress": `GroupId SecurityGroupRuleIds ${PERMISSIONS} ${ONE_RULE}`,
  "ec2:ModifySecurityGroupRules":
    "GroupId SecurityGroupRules{SecurityGroupRuleId SecurityGroupRule{IpProtocol FromPort ToPort CidrIpv4 Description}}",
  "ec2:UpdateSecurityGroupRuleDescriptionsEgress": `GroupId ${PERMISSIONS}`,
  "ec2:UpdateSecurityGroupRuleDescriptionsIngress": `GroupId ${PERMISSIONS}`,

  "ec2:CreateVpcEndpoint":
    "VpcId ServiceName VpcEndpointType=Gateway|Interface PolicyDocument RouteTableIds SubnetIds SecurityGroupIds " +
    `PrivateDnsEnabled ClientToken ${tags("vpc-endpoint")}`,
  "ec2:DeleteVpcEndpoints": "VpcEndpointIds",
  "ec2:DescribeVpcEndpoints": `VpcEndpointIds ${FOUND}`,
  "ec2:ModifyVpcEndpoint":
    "VpcEndpointId PolicyDocument AddRouteTableIds RemoveRouteTableIds AddSecurityGroupIds RemoveSecurityGroupIds",
  "ec2:DescribePrefixLists": `PrefixListIds ${FOUND}`,

  "ec2:DescribeAccountAttributes": "",
  "ec2:DescribeAvailabilityZones": `ZoneNames ZoneIds AllAvailabilityZones=false ${FILTERS}`,
  "ec2:DescribeRegions": `RegionNames AllRegions=false ${FILTERS}`,
};
