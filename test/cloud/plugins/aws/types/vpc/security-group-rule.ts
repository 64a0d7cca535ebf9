/** Ingress and egress rules that are resources of their own: one permission each, with an id and tags. */
import { exactlyOne } from "../../../frame/check";
import { number, required, text, words } from "../../../frame/fields";
import { type Values } from "../../../frame/values";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";
import { cidr } from "../../normalise";
import { ec2Tags, tagSpecs, tagState } from "../../tags";
import { protocol } from "../ec2/permissions";

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

function rule(direction: "Ingress" | "Egress") {
  const egress = direction === "Egress";
  return resource(
    {
      token: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
      inputs: {
        securityGroupId: required(text({ forceNew: true })),
        ipProtocol: required(text({ normalise: protocol })),
        fromPort: number(),
        toPort: number(),
        cidrIpv4: text({ normalise: cidr }),
        cidrIpv6: text({ normalise: cidr }),
        prefixListId: text(),
        referencedSecurityGroupId: text(),
        description: text(),
      },
      outputs: words("arn securityGroupRuleId tagsAll"),
      gone: [
        "InvalidSecurityGroupRuleId.NotFound",
        "InvalidGroup.NotFound",
        "InvalidGroupId.NotFound",
        "InvalidPermission.NotFound",
      ],
      check: (inputs) => exactlyOne(inputs, sources),
      // AWS changes a rule's source, but not its kind.
      replaces: (property, news, state) =>
        (sources as readonly string[]).includes(property) && kindOf(news) !== kindOf(state),
      async create(context, inputs) {
        const input = {
          GroupId: inputs.securityGroupId,
          IpPermissions: [
            {
              IpProtocol: inputs.ipProtocol,
              FromPort: portOf(inputs, "fromPort"),
              ToPort: portOf(inputs, "toPort"),
              ...source(inputs),
            },
          ],
          TagSpecifications: tagSpecs("security-group-rule", inputs.tagsAll),
        };
        const answer = egress
          ? await context.ec2("AuthorizeSecurityGroupEgress", input)
          : await context.ec2("AuthorizeSecurityGroupIngress", input);
        return need(answer.SecurityGroupRules?.[0]?.SecurityGroupRuleId, "the security group rule's id");
      },
      async read(context, id, prior) {
        const it = await find(context, id);
        if (!it || (it.IsEgress ?? false) !== egress) return undefined;
        const all = protocol(it.IpProtocol ?? "") === "-1";
        const referenced = it.ReferencedGroupInfo;
        const group = referenced?.GroupId;
        const own = it.GroupOwnerId ?? (await context.account());
        const other =
          referenced?.UserId !== undefined && referenced.UserId !== own ? `${referenced.UserId}/` : "";
        return {
          id,
          securityGroupRuleId: id,
          arn: `arn:${context.partition}:ec2:${context.region}:${own}:security-group-rule/${id}`,
          securityGroupId: it.GroupId,
          ipProtocol: it.IpProtocol,
          fromPort: all ? undefined : it.FromPort,
          toPort: all ? undefined : it.ToPort,
          cidrIpv4: it.CidrIpv4,
          cidrIpv6: it.CidrIpv6,
          prefixListId: it.PrefixListId,
          referencedSecurityGroupId: group === undefined ? undefined : `${other}${group}`,
          description: it.Description,
          ...tagState(context, it.Tags, prior.inputs),
        };
      },
      async update(context, id, news, changes) {
        if (!changes.has("ipProtocol", "fromPort", "toPort", "description", ...sources)) return;
        await context.ec2("ModifySecurityGroupRules", {
          GroupId: news.securityGroupId,
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: id,
              SecurityGroupRule: {
                IpProtocol: news.ipProtocol,
                FromPort: portOf(news, "fromPort") ?? -1,
                ToPort: portOf(news, "toPort") ?? -1,
                CidrIpv4: news.cidrIpv4,
                CidrIpv6: news.cidrIpv6,
                PrefixListId: news.prefixListId,
                ReferencedGroupId: groupOf(news.referencedSecurityGroupId),
                Description: news.description ?? "",
              },
            },
          ],
        });
      },
      async delete(context, id, state) {
        const input = { GroupId: textOf(state, "securityGroupId"), SecurityGroupRuleIds: [id] };
        if (egress) await context.ec2("RevokeSecurityGroupEgress", input);
        else await context.ec2("RevokeSecurityGroupIngress", input);
      },
    },
    { tags: ec2Tags },
  );
}

export const securityGroupIngressRule = rule("Ingress");
export const securityGroupEgressRule = rule("Egress");

const kindOf = (values: Values): string | undefined => sources.find((name) => textOf(values, name) !== "");

function portOf(values: Values, name: string): number | undefined {
  const value = values[name];
  if (protocol(textOf(values, "ipProtocol")) === "-1") return undefined;
  return typeof value === "number" ? value : undefined;
}

const groupOf = (reference: string | undefined): string | undefined => reference?.split("/").pop();

function source(inputs: Values): Values {
  const Description = textOf(inputs, "description") || undefined;
  const reference = textOf(inputs, "referencedSecurityGroupId");
  switch (kindOf(inputs)) {
    case "cidrIpv4":
      return { IpRanges: [{ CidrIp: inputs["cidrIpv4"], Description }] };
    case "cidrIpv6":
      return { Ipv6Ranges: [{ CidrIpv6: inputs["cidrIpv6"], Description }] };
    case "prefixListId":
      return { PrefixListIds: [{ PrefixListId: inputs["prefixListId"], Description }] };
    default: {
      const UserId = reference.includes("/") ? reference.split("/")[0] : undefined;
      return { UserIdGroupPairs: [{ GroupId: groupOf(reference), UserId, Description }] };
    }
  }
}

async function find(context: AwsContext, id: string) {
  return (await context.ec2("DescribeSecurityGroupRules", { SecurityGroupRuleIds: [id] }))
    .SecurityGroupRules?.[0];
}
