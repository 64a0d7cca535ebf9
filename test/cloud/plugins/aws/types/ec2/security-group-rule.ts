import { type Problem } from "../../../frame/definition";
import { flag, list, number, required, text, words } from "../../../frame/fields";
import { type Values } from "../../../frame/values";
import { until } from "../../../frame/wait";
import { type AwsContext, textOf } from "../../context";
import { resource } from "../../define";
import { cidr } from "../../normalise";
import { hashcode } from "./hashcode";
import { fromAws, keyOf, type Permission, permissionsOf, protocol, toAws } from "./permissions";
import { find } from "./security-group";
import { authorise, type Direction, revoke } from "./security-group-rules";

const sources = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "sourceSecurityGroupId", "self"];

export const securityGroupRule = resource({
  token: "aws:ec2/securityGroupRule:SecurityGroupRule",
  inputs: {
    type: required(text({ forceNew: true, values: ["ingress", "egress"] })),
    securityGroupId: required(text({ forceNew: true })),
    protocol: required(text({ forceNew: true, normalise: protocol })),
    fromPort: required(number({ forceNew: true })),
    toPort: required(number({ forceNew: true })),
    cidrBlocks: list(text({ normalise: cidr }), { forceNew: true }),
    ipv6CidrBlocks: list(text({ normalise: cidr }), { forceNew: true }),
    prefixListIds: list(text(), { forceNew: true }),
    self: flag({ forceNew: true, default: false }),
    sourceSecurityGroupId: text({ forceNew: true, computed: true }),
    description: text(),
  },
  outputs: words("securityGroupRuleId"),
  gone: ["InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidPermission.NotFound"],
  check: (inputs): Problem[] =>
    sources.some((name) => (inputs as Values)[name] !== undefined && (inputs as Values)[name] !== false)
      ? []
      : [{ property: "cidrBlocks", reason: `one of ${sources.join(", ")} must be set; none is. Set one.` }],
  async create(context, inputs) {
    const groupId = inputs.securityGroupId;
    const permissions = permissionsFor(inputs);
    await authorise(context, groupId, directionOf(inputs), permissions);
    const id = `sgrule-${String(hashcode([groupId, inputs.type, ...permissions.map(keyOf)].join("-")))}`;
    context.created(id);
    await until(
      context,
      `the rule in ${groupId} to appear`,
      async () => ((await present(context, inputs)) ? true : undefined),
      { limit: 60_000 },
    );
    return id;
  },
  async read(context, id, prior) {
    const known = Object.keys(prior.inputs).length > 0 ? prior.inputs : prior.state;
    if (Object.keys(known).length === 0) {
      throw new Error(
        `importing ${id}: rules of this type are not imported by the offline cloud's stand-in. Use aws.vpc.SecurityGroupIngressRule or EgressRule.`,
      );
    }
    if (!(await present(context, known))) return undefined;
    const { SecurityGroupRules } = await context.ec2("DescribeSecurityGroupRules", {
      Filters: [{ Name: "group-id", Values: [textOf(known, "securityGroupId")] }],
    });
    const permissions = permissionsFor(known);
    const matching = (SecurityGroupRules ?? []).filter(
      (rule) =>
        rule.IsEgress === (known["type"] === "egress") &&
        permissions.some((p) =>
          [rule.CidrIpv4, rule.CidrIpv6, rule.PrefixListId, rule.ReferencedGroupInfo?.GroupId].includes(
            p.source,
          ),
        ) &&
        (rule.FromPort ?? 0) === (known["fromPort"] ?? 0) &&
        protocol(rule.IpProtocol ?? "") === protocol(textOf(known, "protocol")),
    );
    return {
      ...known,
      id,
      securityGroupRuleId: permissions.length === 1 ? (matching[0]?.SecurityGroupRuleId ?? "") : "",
    };
  },
  async update(context, _id, news) {
    const input = { GroupId: news.securityGroupId, IpPermissions: permissionsFor(news).map(toAws) };
    if (news.type === "ingress") await context.ec2("UpdateSecurityGroupRuleDescriptionsIngress", input);
    else await context.ec2("UpdateSecurityGroupRuleDescriptionsEgress", input);
  },
  async delete(context, _id, state) {
    await revoke(context, textOf(state, "securityGroupId"), directionOf(state), permissionsFor(state));
  },
});

const directionOf = (rule: Values): Direction => (rule["type"] === "egress" ? "Egress" : "Ingress");

function permissionsFor(rule: Values): Permission[] {
  const source = textOf(rule, "sourceSecurityGroupId");
  return permissionsOf(
    { ...rule, securityGroups: source === "" ? [] : [source] },
    textOf(rule, "securityGroupId"),
  );
}

async function present(context: AwsContext, rule: Values): Promise<boolean> {
  const it = await find(context, textOf(rule, "securityGroupId"));
  const found = new Set(
    fromAws(rule["type"] === "egress" ? it?.IpPermissionsEgress : it?.IpPermissions).map(keyOf),
  );
  return permissionsFor(rule).every((permission) => found.has(keyOf(permission)));
}
