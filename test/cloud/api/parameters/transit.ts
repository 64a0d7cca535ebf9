import { type Declarations, FILTERS, FOUND, tags } from "./declaration";

const OPTIONS = "DnsSupport Ipv6Support ApplianceModeSupport SecurityGroupReferencingSupport";

/** Transit gateways, their attachments and routes. */
export const transitParameters: Declarations = {
  "ec2:CreateTransitGateway":
    "Description Options{AmazonSideAsn AutoAcceptSharedAttachments DefaultRouteTableAssociation " +
    "DefaultRouteTablePropagation DnsSupport VpnEcmpSupport SecurityGroupReferencingSupport " +
    `MulticastSupport=disable} ${tags("transit-gateway")}`,
  "ec2:DeleteTransitGateway": "TransitGatewayId",
  "ec2:DescribeTransitGateways": `TransitGatewayIds ${FOUND}`,
  "ec2:ModifyTransitGateway":
    "TransitGatewayId Description Options{AmazonSideAsn AutoAcceptSharedAttachments DnsSupport VpnEcmpSupport " +
    "SecurityGroupReferencingSupport}",

  "ec2:CreateTransitGatewayVpcAttachment": `TransitGatewayId VpcId SubnetIds Options{${OPTIONS}} ${tags("transit-gateway-attachment")}`,
  "ec2:DeleteTransitGatewayVpcAttachment": "TransitGatewayAttachmentId",
  "ec2:ModifyTransitGatewayVpcAttachment": `TransitGatewayAttachmentId AddSubnetIds RemoveSubnetIds Options{${OPTIONS}}`,
  "ec2:DescribeTransitGatewayAttachments": `TransitGatewayAttachmentIds ${FOUND}`,
  "ec2:DescribeTransitGatewayVpcAttachments": `TransitGatewayAttachmentIds ${FOUND}`,

  "ec2:CreateTransitGatewayRouteTable": `TransitGatewayId ${tags("transit-gateway-route-table")}`,
  "ec2:DeleteTransitGatewayRouteTable": "TransitGatewayRouteTableId",
  "ec2:DescribeTransitGatewayRouteTables": `TransitGatewayRouteTableIds ${FOUND}`,
  "ec2:AssociateTransitGatewayRouteTable": "TransitGatewayRouteTableId TransitGatewayAttachmentId",
  "ec2:DisassociateTransitGatewayRouteTable": "TransitGatewayRouteTableId TransitGatewayAttachmentId",
  "ec2:EnableTransitGatewayRouteTablePropagation": "TransitGatewayRouteTableId TransitGatewayAttachmentId",
  "ec2:DisableTransitGatewayRouteTablePropagation": "TransitGatewayRouteTableId TransitGatewayAttachmentId",
  "ec2:GetTransitGatewayRouteTableAssociations": `TransitGatewayRouteTableId ${FOUND}`,
  "ec2:GetTransitGatewayRouteTablePropagations": `TransitGatewayRouteTableId ${FOUND}`,

  "ec2:CreateTransitGatewayRoute":
    "TransitGatewayRouteTableId DestinationCidrBlock TransitGatewayAttachmentId Blackhole",
  "ec2:ReplaceTransitGatewayRoute":
    "TransitGatewayRouteTableId DestinationCidrBlock TransitGatewayAttachmentId Blackhole",
  "ec2:DeleteTransitGatewayRoute": "TransitGatewayRouteTableId DestinationCidrBlock",
  "ec2:SearchTransitGatewayRoutes": `TransitGatewayRouteTableId ${FILTERS} MaxResults NextToken`,
};
