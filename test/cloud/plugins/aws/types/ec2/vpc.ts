import { flag, text, words } from "../../../frame/fields";
import { need, type AwsContext } from "../../context";
import { resource } from "../../define";
import { cidr } from "../../normalise";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

export const vpc = resource(
  {
    token: "aws:ec2/vpc:Vpc",
    inputs: {
      cidrBlock: text({ forceNew: true, computed: true, normalise: cidr }),
      enableDnsSupport: flag({ default: true }),
      enableDnsHostnames: flag({ computed: true }),
      instanceTenancy: text({ default: "default", values: ["default", "dedicated"] }),
    },
    outputs: words(
      `arn defaultNetworkAclId defaultRouteTableId defaultSecurityGroupId dhcpOptionsId mainRouteTableId ownerId tagsAll
        enableNetworkAddressUsageMetrics ipv6AssociationId ipv6CidrBlock ipv6CidrBlockNetworkBorderGroup`,
    ),
    gone: ["InvalidVpcID.NotFound"],
    busy: ["DependencyViolation"],
    check: (inputs) =>
      inputs.cidrBlock === undefined
        ? [{ property: "cidrBlock", reason: "a VPC needs cidrBlock (IPAM pools aren't handled). Set it." }]
        : [],
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcTenancy.html: only dedicated to default.
    replaces: (property, news) => property === "instanceTenancy" && news.instanceTenancy !== "default",
    async create(context, inputs) {
      const answer = await context.ec2("CreateVpc", {
        CidrBlock: inputs.cidrBlock,
        InstanceTenancy: inputs.instanceTenancy as "default" | "dedicated",
        TagSpecifications: tagSpecs("vpc", inputs.tagsAll),
      });
      const id = need(answer.Vpc?.VpcId, "the VPC's id");
      context.created(id);
      if (inputs.enableDnsSupport === false) await setAttribute(context, id, "EnableDnsSupport", false);
      if (inputs.enableDnsHostnames === true) await setAttribute(context, id, "EnableDnsHostnames", true);
      return id;
    },
    async read(context, id, prior) {
      const byVpc = [{ Name: "vpc-id", Values: [id] }];
      const [found, support, hostnames, tables, groups, acls] = await Promise.all([
        context.ec2("DescribeVpcs", { VpcIds: [id] }),
        context.ec2("DescribeVpcAttribute", { VpcId: id, Attribute: "enableDnsSupport" }),
        context.ec2("DescribeVpcAttribute", { VpcId: id, Attribute: "enableDnsHostnames" }),
        context.ec2("DescribeRouteTables", {
          Filters: [...byVpc, { Name: "association.main", Values: ["true"] }],
        }),
        context.ec2("DescribeSecurityGroups", {
          Filters: [...byVpc, { Name: "group-name", Values: ["default"] }],
        }),
        context.ec2("DescribeNetworkAcls", { Filters: [...byVpc, { Name: "default", Values: ["true"] }] }),
      ]);
      const it = found.Vpcs?.[0];
      if (!it) return undefined;
      const main = tables.RouteTables?.[0]?.RouteTableId;
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${need(it.OwnerId, "the VPC's owner")}:vpc/${id}`,
        cidrBlock: it.CidrBlock,
        instanceTenancy: it.InstanceTenancy,
        enableDnsSupport: support.EnableDnsSupport?.Value,
        enableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
        enableNetworkAddressUsageMetrics: false,
        // The official provider keeps what the default route table was when it first looked.
        defaultRouteTableId: prior.state["defaultRouteTableId"] ?? main,
        mainRouteTableId: main,
        defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
        defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId,
        dhcpOptionsId: it.DhcpOptionsId,
        ownerId: it.OwnerId,
        ipv6AssociationId: "",
        ipv6CidrBlock: "",
        ipv6CidrBlockNetworkBorderGroup: "",
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes) {
      // AWS refuses hostnames without support, so support goes first when it is switched on and last when off.
      const support = news.enableDnsSupport !== false;
      const steps: [boolean, () => Promise<void>][] = [
        [changes.has("enableDnsSupport"), () => setAttribute(context, id, "EnableDnsSupport", support)],
        [
          changes.has("enableDnsHostnames"),
          () => setAttribute(context, id, "EnableDnsHostnames", news.enableDnsHostnames === true),
        ],
      ];
      for (const [wanted, step] of support ? steps : steps.reverse()) if (wanted) await step();
      if (changes.has("instanceTenancy"))
        await context.ec2("ModifyVpcTenancy", { VpcId: id, InstanceTenancy: "default" });
    },
    async delete(context, id) {
      await context.ec2("DeleteVpc", { VpcId: id });
    },
  },
  { tags: ec2Tags },
);

async function setAttribute(
  context: AwsContext,
  id: string,
  attribute: "EnableDnsSupport" | "EnableDnsHostnames",
  value: boolean,
): Promise<void> {
  await context.ec2("ModifyVpcAttribute", { VpcId: id, [attribute]: { Value: value } });
}
