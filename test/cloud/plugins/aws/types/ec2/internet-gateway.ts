import { text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

export const internetGateway = resource(
  {
    token: "aws:ec2/internetGateway:InternetGateway",
    inputs: { vpcId: text({ computed: true }) },
    outputs: words("arn ownerId tagsAll"),
    gone: ["InvalidInternetGatewayID.NotFound"],
    // Public addresses in the VPC hold the gateway until they are released.
    busy: ["DependencyViolation"],
    async create(context, inputs) {
      const answer = await context.ec2("CreateInternetGateway", {
        TagSpecifications: tagSpecs("internet-gateway", inputs.tagsAll),
      });
      const id = need(answer.InternetGateway?.InternetGatewayId, "the internet gateway's id");
      context.created(id);
      if (inputs.vpcId !== undefined) await attach(context, id, inputs.vpcId);
      return id;
    },
    async read(context, id, prior) {
      const it = (await context.ec2("DescribeInternetGateways", { InternetGatewayIds: [id] }))
        .InternetGateways?.[0];
      if (!it) return undefined;
      const owner = it.OwnerId ?? (await context.account());
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${owner}:internet-gateway/${id}`,
        ownerId: owner,
        vpcId: it.Attachments?.[0]?.VpcId ?? "",
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (!changes.has("vpcId")) return;
      await detach(context, id, textOf(state, "vpcId"));
      if (news.vpcId !== undefined && news.vpcId !== "") await attach(context, id, news.vpcId);
    },
    async delete(context, id, state) {
      await detach(context, id, textOf(state, "vpcId"));
      await context.ec2("DeleteInternetGateway", { InternetGatewayId: id });
    },
  },
  { tags: ec2Tags },
);

async function attach(context: AwsContext, id: string, vpcId: string): Promise<void> {
  await context.ec2("AttachInternetGateway", { InternetGatewayId: id, VpcId: vpcId });
  await until(context, `${id} to be attached to ${vpcId}`, async () => {
    const { InternetGateways } = await context.ec2("DescribeInternetGateways", { InternetGatewayIds: [id] });
    return InternetGateways?.[0]?.Attachments?.some((attachment) => attachment.VpcId === vpcId)
      ? true
      : undefined;
  });
}

async function detach(context: AwsContext, id: string, vpcId: string): Promise<void> {
  if (vpcId === "") return;
  const { InternetGateways } = await context.ec2("DescribeInternetGateways", { InternetGatewayIds: [id] });
  const attached = InternetGateways?.[0]?.Attachments?.some((attachment) => attachment.VpcId === vpcId);
  if (attached) await context.ec2("DetachInternetGateway", { InternetGatewayId: id, VpcId: vpcId });
}
