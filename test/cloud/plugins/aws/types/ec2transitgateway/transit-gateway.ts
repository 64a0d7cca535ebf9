import { number, text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

const choice = (standard: "enable" | "disable", forceNew = false) =>
  text({ default: standard, forceNew, values: ["enable", "disable"] });
type Choice = "enable" | "disable";

const CHANGEABLE = words(
  "amazonSideAsn autoAcceptSharedAttachments defaultRouteTableAssociation defaultRouteTablePropagation dnsSupport " +
    "securityGroupReferencingSupport vpnEcmpSupport",
);

export const transitGateway = resource(
  {
    token: "aws:ec2transitgateway/transitGateway:TransitGateway",
    inputs: {
      description: text(),
      amazonSideAsn: number({ default: 64512 }),
      autoAcceptSharedAttachments: choice("disable"),
      defaultRouteTableAssociation: choice("enable"),
      defaultRouteTablePropagation: choice("enable"),
      dnsSupport: choice("enable"),
      multicastSupport: choice("disable", true),
      securityGroupReferencingSupport: choice("disable"),
      vpnEcmpSupport: choice("enable"),
    },
    outputs: words(
      "arn associationDefaultRouteTableId ownerId propagationDefaultRouteTableId tagsAll encryptionSupport",
    ),
    gone: ["InvalidTransitGatewayID.NotFound"],
    busy: ["IncorrectState"],
    async create(context, inputs) {
      const answer = await context.ec2("CreateTransitGateway", {
        Description: inputs.description,
        Options: {
          AmazonSideAsn: inputs.amazonSideAsn,
          AutoAcceptSharedAttachments: inputs.autoAcceptSharedAttachments as Choice,
          DefaultRouteTableAssociation: inputs.defaultRouteTableAssociation as Choice,
          DefaultRouteTablePropagation: inputs.defaultRouteTablePropagation as Choice,
          DnsSupport: inputs.dnsSupport as Choice,
          MulticastSupport: inputs.multicastSupport as Choice,
          SecurityGroupReferencingSupport: inputs.securityGroupReferencingSupport as Choice,
          VpnEcmpSupport: inputs.vpnEcmpSupport as Choice,
        },
        TagSpecifications: tagSpecs("transit-gateway", inputs.tagsAll),
      });
      const id = need(answer.TransitGateway?.TransitGatewayId, "the transit gateway's id");
      context.created(id);
      await available(context, id);
      return id;
    },
    async read(context, id, prior) {
      const it = await findTransitGateway(context, id);
      if (!it || it.State === "deleted" || it.State === "deleting") return undefined;
      const options = it.Options ?? {};
      return {
        id,
        arn: it.TransitGatewayArn,
        ownerId: it.OwnerId,
        description: it.Description ?? "",
        amazonSideAsn: options.AmazonSideAsn,
        associationDefaultRouteTableId: options.AssociationDefaultRouteTableId ?? "",
        propagationDefaultRouteTableId: options.PropagationDefaultRouteTableId ?? "",
        autoAcceptSharedAttachments: options.AutoAcceptSharedAttachments ?? "disable",
        defaultRouteTableAssociation: options.DefaultRouteTableAssociation ?? "enable",
        defaultRouteTablePropagation: options.DefaultRouteTablePropagation ?? "enable",
        dnsSupport: options.DnsSupport ?? "enable",
        multicastSupport: options.MulticastSupport ?? "disable",
        securityGroupReferencingSupport: options.SecurityGroupReferencingSupport ?? "disable",
        vpnEcmpSupport: options.VpnEcmpSupport ?? "enable",
        encryptionSupport: "disable",
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      if (!changes.has("description", ...CHANGEABLE)) return;
      await context.ec2("ModifyTransitGateway", {
        TransitGatewayId: id,
        Description: changes.has("description") ? (news.description ?? "") : undefined,
        Options: {
          AmazonSideAsn: changes.has("amazonSideAsn") ? news.amazonSideAsn : undefined,
          AutoAcceptSharedAttachments: news.autoAcceptSharedAttachments as Choice,
          // The gateway refuses these by their names: moto can't switch them later.
          DefaultRouteTableAssociation: changes.has("defaultRouteTableAssociation")
            ? (news.defaultRouteTableAssociation as Choice)
            : undefined,
          DefaultRouteTablePropagation: changes.has("defaultRouteTablePropagation")
            ? (news.defaultRouteTablePropagation as Choice)
            : undefined,
          DnsSupport: news.dnsSupport as Choice,
          SecurityGroupReferencingSupport: news.securityGroupReferencingSupport as Choice,
          VpnEcmpSupport: news.vpnEcmpSupport as Choice,
        },
      });
      await available(context, id);
    },
    async delete(context, id) {
      await context.ec2("DeleteTransitGateway", { TransitGatewayId: id });
      await until(context, `transit gateway ${id} to be deleted`, async () => {
        const it = await findTransitGateway(context, id);
        return !it || it.State === "deleted" ? true : undefined;
      });
    },
  },
  { tags: ec2Tags },
);

export async function findTransitGateway(context: AwsContext, id: string) {
  return (await context.ec2("DescribeTransitGateways", { TransitGatewayIds: [id] })).TransitGateways?.[0];
}

async function available(context: AwsContext, id: string): Promise<void> {
  await until(context, `transit gateway ${id} to be available`, async () =>
    (await findTransitGateway(context, id))?.State === "available" ? true : undefined,
  );
}
