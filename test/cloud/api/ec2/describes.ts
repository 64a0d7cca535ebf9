import { textAt } from "../gateway/xml";
import type { Describe } from "./describe";
import { missing } from "./missing";

/**
 * The plain describe actions: moto's resources, AWS's filters. What a filter is called and what it looks at is AWS's
 * (EC2 API Reference, the action's page); a filter that is not here is refused.
 */
export const PLAIN_DESCRIBES: Record<string, Describe> = {
  DescribeAddresses: {
    kind: "addresses",
    set: "addressesSet",
    ids: { param: "AllocationId", field: "allocationId", prefix: "eipalloc-", missing: missing.address },
    names: [{ param: "PublicIp", field: "publicIp", missing: missing.publicAddress }],
    filters: {
      "allocation-id": "allocationId",
      "association-id": "associationId",
      domain: "domain",
      "instance-id": "instanceId",
      "network-interface-id": "networkInterfaceId",
      "network-interface-owner-id": "networkInterfaceOwnerId",
      "private-ip-address": "privateIpAddress",
      "public-ip": "publicIp",
    },
  },
  DescribeDhcpOptions: {
    kind: "dhcpOptions",
    set: "dhcpOptionsSet",
    ids: { param: "DhcpOptionsId", field: "dhcpOptionsId", prefix: "dopt-", missing: missing.dhcpOptions },
    filters: {
      "dhcp-options-id": "dhcpOptionsId",
      key: "dhcpConfigurationSet.key",
      "owner-id": "ownerId",
      value: "dhcpConfigurationSet.valueSet.value",
    },
  },
  DescribeInternetGateways: {
    kind: "internetGateways",
    set: "internetGatewaySet",
    ids: {
      param: "InternetGatewayId",
      field: "internetGatewayId",
      prefix: "igw-",
      missing: missing.internetGateway,
    },
    filters: {
      "attachment.state": "attachmentSet.state",
      "attachment.vpc-id": "attachmentSet.vpcId",
      "internet-gateway-id": "internetGatewayId",
      "owner-id": "ownerId",
    },
  },
  DescribeNatGateways: {
    kind: "natGateways",
    set: "natGatewaySet",
    ids: { param: "NatGatewayId", field: "natGatewayId", prefix: "nat-", missing: missing.natGateway },
    filters: {
      "nat-gateway-id": "natGatewayId",
      state: "state",
      "subnet-id": "subnetId",
      "vpc-id": "vpcId",
    },
  },
  DescribeNetworkAcls: {
    kind: "networkAcls",
    set: "networkAclSet",
    ids: { param: "NetworkAclId", field: "networkAclId", prefix: "acl-", missing: missing.networkAcl },
    filters: {
      "association.association-id": "associationSet.networkAclAssociationId",
      "association.network-acl-id": "associationSet.networkAclId",
      "association.subnet-id": "associationSet.subnetId",
      default: "default",
      "network-acl-id": "networkAclId",
      "owner-id": "ownerId",
      "vpc-id": "vpcId",
    },
  },
  DescribeSubnets: {
    kind: "subnets",
    set: "subnetSet",
    ids: { param: "SubnetId", field: "subnetId", prefix: "subnet-", missing: missing.subnet },
    filters: {
      "availability-zone": "availabilityZone",
      availabilityZone: "availabilityZone",
      "availability-zone-id": "availabilityZoneId",
      "available-ip-address-count": "availableIpAddressCount",
      cidr: "cidrBlock",
      cidrBlock: "cidrBlock",
      "cidr-block": "cidrBlock",
      "default-for-az": "defaultForAz",
      defaultForAz: "defaultForAz",
      "map-public-ip-on-launch": "mapPublicIpOnLaunch",
      "owner-id": "ownerId",
      state: "state",
      "subnet-arn": "subnetArn",
      "subnet-id": "subnetId",
      "vpc-id": "vpcId",
    },
  },
  DescribeTags: {
    kind: "tags",
    set: "tagSet",
    filters: {
      key: "key",
      "resource-id": "resourceId",
      "resource-type": "resourceType",
      value: "value",
    },
  },
  DescribeVolumes: {
    kind: "volumes",
    set: "volumeSet",
    ids: { param: "VolumeId", field: "volumeId", prefix: "vol-", missing: missing.volume },
    filters: {
      "attachment.delete-on-termination": "attachmentSet.deleteOnTermination",
      "attachment.device": "attachmentSet.device",
      "attachment.instance-id": "attachmentSet.instanceId",
      "attachment.status": "attachmentSet.status",
      "availability-zone": "availabilityZone",
      encrypted: "encrypted",
      size: "size",
      "snapshot-id": "snapshotId",
      status: "status",
      "volume-id": "volumeId",
      "volume-type": "volumeType",
    },
  },
  DescribeVpcEndpoints: {
    kind: "vpcEndpoints",
    set: "vpcEndpointSet",
    ids: { param: "VpcEndpointId", field: "vpcEndpointId", prefix: "vpce-", missing: missing.vpcEndpoint },
    filters: {
      "ip-address-type": "ipAddressType",
      "service-name": "serviceName",
      "vpc-endpoint-id": "vpcEndpointId",
      "vpc-endpoint-state": "state",
      "vpc-endpoint-type": "vpcEndpointType",
      "vpc-id": "vpcId",
    },
    shape: (items) => items.filter((item) => textAt(item, "state") !== "deleted"),
  },
  DescribeVpcs: {
    kind: "vpcs",
    set: "vpcSet",
    ids: { param: "VpcId", field: "vpcId", prefix: "vpc-", missing: missing.vpc },
    filters: {
      cidr: "cidrBlock",
      "cidr-block-association.association-id": "cidrBlockAssociationSet.associationId",
      "cidr-block-association.cidr-block": "cidrBlockAssociationSet.cidrBlock",
      "cidr-block-association.state": "cidrBlockAssociationSet.cidrBlockState.state",
      "dhcp-options-id": "dhcpOptionsId",
      "is-default": "isDefault",
      isDefault: "isDefault",
      "owner-id": "ownerId",
      state: "state",
      "vpc-id": "vpcId",
    },
  },
  ...transitGateways(),
  ...securityGroups(),
};

function transitGateways(): Record<string, Describe> {
  const attachmentFilters = {
    "association.state": "association.state",
    "association.transit-gateway-route-table-id": "association.transitGatewayRouteTableId",
    "resource-id": "resourceId",
    "resource-owner-id": "resourceOwnerId",
    "resource-type": "resourceType",
    state: "state",
    "transit-gateway-attachment-id": "transitGatewayAttachmentId",
    "transit-gateway-id": "transitGatewayId",
    "vpc-id": "vpcId",
  };
  const attachmentIds = {
    param: "TransitGatewayAttachmentIds",
    field: "transitGatewayAttachmentId",
    prefix: "tgw-attach-",
    missing: missing.transitGatewayAttachment,
  };
  return {
    DescribeTransitGateways: {
      kind: "transitGateways",
      set: "transitGatewaySet",
      ids: {
        param: "TransitGatewayIds",
        field: "transitGatewayId",
        prefix: "tgw-",
        missing: missing.transitGateway,
      },
      filters: {
        "options.amazon-side-asn": "options.amazonSideAsn",
        "options.auto-accept-shared-attachments": "options.autoAcceptSharedAttachments",
        "options.default-route-table-association": "options.defaultRouteTableAssociation",
        "options.default-route-table-propagation": "options.defaultRouteTablePropagation",
        "options.dns-support": "options.dnsSupport",
        "options.vpn-ecmp-support": "options.vpnEcmpSupport",
        "owner-id": "ownerId",
        state: "state",
        "transit-gateway-id": "transitGatewayId",
      },
    },
    DescribeTransitGatewayAttachments: {
      kind: "transitGatewayAttachments",
      set: "transitGatewayAttachments",
      ids: attachmentIds,
      filters: attachmentFilters,
    },
    DescribeTransitGatewayVpcAttachments: {
      kind: "transitGatewayVpcAttachments",
      set: "transitGatewayVpcAttachments",
      ids: attachmentIds,
      filters: attachmentFilters,
    },
    DescribeTransitGatewayRouteTables: {
      kind: "transitGatewayRouteTables",
      set: "transitGatewayRouteTables",
      ids: {
        param: "TransitGatewayRouteTableIds",
        field: "transitGatewayRouteTableId",
        prefix: "tgw-rtb-",
        missing: missing.transitGatewayRouteTable,
      },
      filters: {
        "default-association-route-table": "defaultAssociationRouteTable",
        "default-propagation-route-table": "defaultPropagationRouteTable",
        state: "state",
        "transit-gateway-id": "transitGatewayId",
        "transit-gateway-route-table-id": "transitGatewayRouteTableId",
      },
    },
  };
}

function securityGroups(): Record<string, Describe> {
  const permission = (prefix: string, path: string): Record<string, string> => ({
    [`${prefix}.cidr`]: `${path}.ipRanges.cidrIp`,
    [`${prefix}.from-port`]: `${path}.fromPort`,
    [`${prefix}.group-id`]: `${path}.groups.groupId`,
    [`${prefix}.ipv6-cidr`]: `${path}.ipv6Ranges.cidrIpv6`,
    [`${prefix}.prefix-list-id`]: `${path}.prefixListIds.prefixListId`,
    [`${prefix}.protocol`]: `${path}.ipProtocol`,
    [`${prefix}.to-port`]: `${path}.toPort`,
  });
  return {
    DescribeSecurityGroups: {
      kind: "securityGroups",
      set: "securityGroupInfo",
      ids: { param: "GroupId", field: "groupId", prefix: "sg-", missing: missing.securityGroup },
      filters: {
        description: "groupDescription",
        ...permission("egress.ip-permission", "ipPermissionsEgress"),
        "group-id": "groupId",
        "group-name": "groupName",
        ...permission("ip-permission", "ipPermissions"),
        "owner-id": "ownerId",
        "vpc-id": "vpcId",
      },
    },
    DescribeSecurityGroupRules: {
      kind: "securityGroupRules",
      set: "securityGroupRuleSet",
      ids: {
        param: "SecurityGroupRuleId",
        field: "securityGroupRuleId",
        prefix: "sgr-",
        missing: missing.securityGroupRule,
      },
      filters: { "group-id": "groupId", "security-group-rule-id": "securityGroupRuleId" },
    },
  };
}
