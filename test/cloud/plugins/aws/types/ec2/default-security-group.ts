import { flag, text, words } from "../../../frame/fields";
import { need } from "../../context";
import { resource } from "../../define";
import { ec2Tags, tagState } from "../../tags";
import { fromAws } from "./permissions";
import { applyRules, asRules, rulesField } from "./security-group-rules";
import { find, groupState } from "./security-group";

/** The VPC's own group, adopted: never made and never deleted. Adopted without rules, it loses those it has. */
export const defaultSecurityGroup = resource(
  {
    token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    inputs: {
      vpcId: text({ forceNew: true, computed: true }),
      ingress: rulesField,
      egress: rulesField,
      revokeRulesOnDelete: flag({ default: false, local: true }),
    },
    outputs: words("arn ownerId tagsAll name namePrefix description"),
    gone: ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"],
    async create(context, inputs) {
      const { SecurityGroups } = await context.ec2("DescribeSecurityGroups", {
        Filters: [
          { Name: "group-name", Values: ["default"] },
          { Name: "vpc-id", Values: [need(inputs.vpcId, "vpcId: set it, as there is no default VPC")] },
        ],
      });
      const it = need(SecurityGroups?.[0], `a default security group of ${String(inputs.vpcId)}`);
      const id = need(it.GroupId, "the security group's id");
      await applyRules(context, id, "Ingress", asRules(inputs.ingress), fromAws(it.IpPermissions));
      await applyRules(context, id, "Egress", asRules(inputs.egress), fromAws(it.IpPermissionsEgress));
      await ec2Tags(context, id, inputs.tagsAll, tagState(context, it.Tags, {}).tagsAll);
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
    delete(context, id) {
      context.say(`${id} stays as it is: a VPC's default security group can't be deleted.`, "debug");
      return Promise.resolve();
    },
  },
  { tags: ec2Tags },
);
