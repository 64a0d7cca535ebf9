import { flag, required, set, text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";
import { findTransitGateway } from "./transit-gateway";

const choice = (standard: Choice) => text({ default: standard, values: ["enable", "disable"] });
type Choice = "enable" | "disable";

export const vpcAttachment = resource(
  {
    token: "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    inputs: {
      transitGatewayId: required(text({ forceNew: true })),
      vpcId: required(text({ forceNew: true })),
      subnetIds: required(set(text())),
      applianceModeSupport: choice("disable"),
      dnsSupport: choice("enable"),
      ipv6Support: choice("disable"),
      securityGroupReferencingSupport: text({ computed: true, values: ["enable", "disable"] }),
      transitGatewayDefaultRouteTableAssociation: flag({ computed: true }),
      transitGatewayDefaultRouteTablePropagation: flag({ computed: true }),
    },
    outputs: words("arn vpcOwnerId tagsAll"),
    gone: ["InvalidTransitGatewayAttachmentID.NotFound"],
    busy: ["IncorrectState"],
    check: (inputs) => {
      const names = [
        "transitGatewayDefaultRouteTableAssociation",
        "transitGatewayDefaultRouteTablePropagation",
      ] as const;
      return names
        .filter((name) => inputs[name] === false)
        .map((name) => ({
          property: name,
          reason: `${name}: false isn't handled by the offline cloud's stand-in. Set the choice on the transit gateway instead.`,
        }));
    },
    async create(context, inputs) {
      const answer = await context.ec2("CreateTransitGatewayVpcAttachment", {
        TransitGatewayId: inputs.transitGatewayId,
        VpcId: inputs.vpcId,
        SubnetIds: [...inputs.subnetIds],
        Options: {
          ApplianceModeSupport: inputs.applianceModeSupport as Choice,
          DnsSupport: inputs.dnsSupport as Choice,
          Ipv6Support: inputs.ipv6Support as Choice,
          SecurityGroupReferencingSupport: inputs.securityGroupReferencingSupport as Choice | undefined,
        },
        TagSpecifications: tagSpecs("transit-gateway-attachment", inputs.tagsAll),
      });
      const id = need(answer.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId, "the attachment's id");
      context.created(id);
      await available(context, id);
      return id;
    },
    async read(context, id, prior) {
      const it = await find(context, id);
      if (!it || it.State === "deleted" || it.State === "deleting") return undefined;
      const gateway = await findTransitGateway(
        context,
        need(it.TransitGatewayId, "the attachment's transit gateway"),
      );
      const options = it.Options ?? {};
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${it.VpcOwnerId ?? (await context.account())}:transit-gateway-attachment/${id}`,
        transitGatewayId: it.TransitGatewayId,
        vpcId: it.VpcId,
        vpcOwnerId: it.VpcOwnerId,
        subnetIds: it.SubnetIds ?? [],
        applianceModeSupport: options.ApplianceModeSupport ?? "disable",
        dnsSupport: options.DnsSupport ?? "enable",
        ipv6Support: options.Ipv6Support ?? "disable",
        securityGroupReferencingSupport: options.SecurityGroupReferencingSupport ?? "enable",
        transitGatewayDefaultRouteTableAssociation:
          gateway?.Options?.DefaultRouteTableAssociation !== "disable",
        transitGatewayDefaultRouteTablePropagation:
          gateway?.Options?.DefaultRouteTablePropagation !== "disable",
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (
        !changes.has(
          "subnetIds",
          "applianceModeSupport",
          "dnsSupport",
          "ipv6Support",
          "securityGroupReferencingSupport",
        )
      )
        return;
      const before = Array.isArray(state["subnetIds"]) ? state["subnetIds"].map(String) : [];
      const add = news.subnetIds.filter((subnet) => !before.includes(subnet));
      const remove = before.filter((subnet) => !news.subnetIds.includes(subnet));
      await context.ec2("ModifyTransitGatewayVpcAttachment", {
        TransitGatewayAttachmentId: id,
        AddSubnetIds: add.length > 0 ? add : undefined,
        RemoveSubnetIds: remove.length > 0 ? remove : undefined,
        Options: {
          ApplianceModeSupport: news.applianceModeSupport as Choice,
          DnsSupport: news.dnsSupport as Choice,
          Ipv6Support: news.ipv6Support as Choice,
          SecurityGroupReferencingSupport: news.securityGroupReferencingSupport as Choice | undefined,
        },
      });
      await available(context, id);
    },
    async delete(context, id) {
      await context.ec2("DeleteTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: id });
      await until(context, `transit gateway attachment ${id} to be deleted`, async () => {
        const it = await find(context, id);
        return !it || it.State === "deleted" ? true : undefined;
      });
    },
  },
  { tags: ec2Tags },
);

async function find(context: AwsContext, id: string) {
  const Filters = [{ Name: "transit-gateway-attachment-id", Values: [id] }];
  return (await context.ec2("DescribeTransitGatewayVpcAttachments", { Filters }))
    .TransitGatewayVpcAttachments?.[0];
}

async function available(context: AwsContext, id: string): Promise<void> {
  await until(context, `transit gateway attachment ${id} to be available`, async () => {
    const state = (await find(context, id))?.State;
    if (state === "failed" || state === "rejected") {
      throw new Error(
        `transit gateway attachment ${id} ${state}. Look at it in the cloud, delete it, and run the update again.`,
      );
    }
    return state === "available" || state === "pendingAcceptance" ? true : undefined;
  });
}
