import { text } from "../../frame/fields";
import { invoke } from "../define";
import { tagMap } from "../tags";
import { filterFields, single, toFilters } from "./filters";

export const getTransitGateway = invoke({
  token: "aws:ec2transitgateway/getTransitGateway:getTransitGateway",
  inputs: { ...filterFields, id: text() },
  async run(context, inputs) {
    const { TransitGateways = [] } = await context.ec2("DescribeTransitGateways", {
      TransitGatewayIds: inputs.id === undefined ? undefined : [inputs.id],
      Filters: toFilters(inputs),
    });
    const it = single(TransitGateways, "transit gateway");
    const options = it.Options ?? {};
    return {
      ...inputs,
      id: it.TransitGatewayId,
      region: context.region,
      arn: it.TransitGatewayArn,
      ownerId: it.OwnerId,
      description: it.Description ?? "",
      amazonSideAsn: options.AmazonSideAsn,
      associationDefaultRouteTableId: options.AssociationDefaultRouteTableId ?? "",
      autoAcceptSharedAttachments: options.AutoAcceptSharedAttachments,
      defaultRouteTableAssociation: options.DefaultRouteTableAssociation,
      defaultRouteTablePropagation: options.DefaultRouteTablePropagation,
      dnsSupport: options.DnsSupport,
      encryptionSupport: "disable",
      multicastSupport: options.MulticastSupport,
      propagationDefaultRouteTableId: options.PropagationDefaultRouteTableId ?? "",
      securityGroupReferencingSupport: options.SecurityGroupReferencingSupport ?? "disable",
      transitGatewayCidrBlocks: options.TransitGatewayCidrBlocks ?? [],
      vpnEcmpSupport: options.VpnEcmpSupport,
      tags: tagMap(it.Tags),
    };
  },
});
