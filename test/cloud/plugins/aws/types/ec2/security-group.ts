import { flag, text, words } from "../../../frame/fields";
import { type Values } from "../../../frame/values";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagSpecs, tagState } from "../../tags";
import { fromAws, grouped } from "./permissions";
import { applyRules, asRules, rulesField } from "./security-group-rules";

export const securityGroup = resource(
  {
    token: "aws:ec2/securityGroup:SecurityGroup",
    inputs: {
      name: text({ forceNew: true, computed: true }),
      namePrefix: text({ forceNew: true, computed: true, local: true }),
      description: text({ forceNew: true, default: "Managed by Pulumi" }),
      vpcId: text({ forceNew: true, computed: true }),
      ingress: rulesField,
      egress: rulesField,
      revokeRulesOnDelete: flag({ default: false, local: true }),
    },
    outputs: words("arn ownerId tagsAll"),
    autoname: { property: "name", max: 255 },
    gone: ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"],
    busy: ["DependencyViolation", "InvalidGroup.InUse"],
    async create(context, inputs) {
      const answer = await context.ec2("CreateSecurityGroup", {
        GroupName: inputs.name,
        Description: inputs.description,
        VpcId: inputs.vpcId,
        TagSpecifications: tagSpecs("security-group", inputs.tagsAll),
      });
      const id = need(answer.GroupId, "the security group's id");
      context.created(id);
      // AWS adds a rule that lets everything out; the official provider takes it away, with or without `egress`.
      const made = await find(context, id);
      await applyRules(context, id, "Egress", asRules(inputs.egress), fromAws(made?.IpPermissionsEgress));
      await applyRules(context, id, "Ingress", asRules(inputs.ingress), fromAws(made?.IpPermissions));
      return id;
    },
    async read(context, id, prior) {
      const it = await find(context, id);
      return it && groupState(context, it, id, prior.inputs, prior.state);
    },
    async update(context, id, news, changes) {
      const it = await find(context, id);
      if (changes.has("ingress"))
        await applyRules(context, id, "Ingress", asRules(news.ingress), fromAws(it?.IpPermissions));
      if (changes.has("egress"))
        await applyRules(context, id, "Egress", asRules(news.egress), fromAws(it?.IpPermissionsEgress));
    },
    async delete(context, id, state) {
      if (state["revokeRulesOnDelete"] === true) {
        const it = await find(context, id);
        await applyRules(context, id, "Ingress", [], fromAws(it?.IpPermissions));
        await applyRules(context, id, "Egress", [], fromAws(it?.IpPermissionsEgress));
      }
      await context.ec2("DeleteSecurityGroup", { GroupId: id });
    },
  },
  { tags: ec2Tags },
);

export async function find(context: AwsContext, id: string) {
  return (await context.ec2("DescribeSecurityGroups", { GroupIds: [id] })).SecurityGroups?.[0];
}

type Group = NonNullable<Awaited<ReturnType<typeof find>>>;

export function groupState(
  context: AwsContext,
  it: Group,
  id: string,
  inputs: Values,
  state: Values,
): Values {
  const owner = need(it.OwnerId, "the security group's owner");
  return {
    id,
    arn: `arn:${context.partition}:ec2:${context.region}:${owner}:security-group/${id}`,
    ownerId: owner,
    name: it.GroupName,
    namePrefix: state["namePrefix"] ?? "",
    description: it.Description,
    vpcId: it.VpcId ?? "",
    ingress: grouped(fromAws(it.IpPermissions), asRules(inputs["ingress"] ?? state["ingress"]), id),
    egress: grouped(fromAws(it.IpPermissionsEgress), asRules(inputs["egress"] ?? state["egress"]), id),
    ...tagState(context, it.Tags, inputs),
  };
}
