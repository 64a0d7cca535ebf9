import { flag, object, required, set, text, words } from "../../../frame/fields";
import { until } from "../../../frame/wait";
import { type AwsContext, need } from "../../context";
import { resource } from "../../define";
import { policy } from "../../normalise";
import { ec2Tags, tagSpecs, tagState } from "../../tags";

export const vpcEndpoint = resource(
  {
    token: "aws:ec2/vpcEndpoint:VpcEndpoint",
    inputs: {
      vpcId: required(text({ forceNew: true })),
      serviceName: text({ forceNew: true }),
      vpcEndpointType: text({ forceNew: true, default: "Gateway", values: ["Gateway", "Interface"] }),
      policy: text({ computed: true, normalise: (value) => JSON.stringify(policy(value)) }),
      routeTableIds: set(text(), { computed: true }),
      subnetIds: set(text(), { computed: true }),
      securityGroupIds: set(text(), { computed: true }),
      privateDnsEnabled: flag({ computed: true }),
      ipAddressType: text({ computed: true, values: ["ipv4"] }),
      dnsOptions: object({ dnsRecordIpType: text({ computed: true }) }, { computed: true }),
      autoAccept: flag({ local: true }),
    },
    outputs: words(
      "arn cidrBlocks dnsEntries networkInterfaceIds ownerId prefixListId requesterManaged state tagsAll serviceRegion subnetConfigurations",
    ),
    gone: ["InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"],
    check: (inputs) =>
      inputs.serviceName === undefined
        ? [{ property: "serviceName", reason: "serviceName is required. Set it." }]
        : [],
    async create(context, inputs) {
      const answer = await context.ec2("CreateVpcEndpoint", {
        VpcId: inputs.vpcId,
        ServiceName: inputs.serviceName,
        VpcEndpointType: inputs.vpcEndpointType as "Gateway" | "Interface",
        PolicyDocument: inputs.policy,
        RouteTableIds: inputs.routeTableIds,
        SubnetIds: inputs.subnetIds,
        SecurityGroupIds: inputs.securityGroupIds,
        PrivateDnsEnabled:
          inputs.vpcEndpointType === "Interface" ? (inputs.privateDnsEnabled ?? false) : undefined,
        TagSpecifications: tagSpecs("vpc-endpoint", inputs.tagsAll),
      });
      const id = need(answer.VpcEndpoint?.VpcEndpointId, "the VPC endpoint's id");
      context.created(id);
      await available(context, id);
      return id;
    },
    async read(context, id, prior) {
      const it = await find(context, id);
      if (!it || it.State?.toLowerCase() === "deleted") return undefined;
      const owner = it.OwnerId ?? (await context.account());
      const lists =
        it.VpcEndpointType === "Gateway"
          ? await prefixList(context, need(it.ServiceName, "the endpoint's service"))
          : undefined;
      return {
        id,
        arn: `arn:${context.partition}:ec2:${context.region}:${owner}:vpc-endpoint/${id}`,
        vpcId: it.VpcId,
        serviceName: it.ServiceName,
        serviceRegion: context.region,
        vpcEndpointType: it.VpcEndpointType,
        policy: it.PolicyDocument,
        routeTableIds: it.RouteTableIds ?? [],
        subnetIds: it.SubnetIds ?? [],
        subnetConfigurations: [],
        securityGroupIds: (it.Groups ?? []).map((group) => group.GroupId),
        networkInterfaceIds: it.NetworkInterfaceIds ?? [],
        privateDnsEnabled: it.PrivateDnsEnabled ?? false,
        ipAddressType: it.IpAddressType ?? prior.inputs["ipAddressType"] ?? "ipv4",
        dnsOptions: prior.inputs["dnsOptions"],
        dnsEntries: (it.DnsEntries ?? []).map((entry) => ({
          dnsName: entry.DnsName,
          hostedZoneId: entry.HostedZoneId,
        })),
        cidrBlocks: lists?.Cidrs ?? [],
        prefixListId: lists?.PrefixListId ?? "",
        ownerId: owner,
        requesterManaged: it.RequesterManaged ?? false,
        state: it.State,
        ...tagState(context, it.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (!changes.has("policy", "routeTableIds", "subnetIds", "securityGroupIds", "privateDnsEnabled"))
        return;
      const tables = difference(news.routeTableIds, state["routeTableIds"]);
      const subnets = difference(news.subnetIds, state["subnetIds"]);
      const groups = difference(news.securityGroupIds, state["securityGroupIds"]);
      await context.ec2("ModifyVpcEndpoint", {
        VpcEndpointId: id,
        ...(changes.has("policy")
          ? news.policy === undefined
            ? { ResetPolicy: true }
            : { PolicyDocument: news.policy }
          : {}),
        AddRouteTableIds: tables.add,
        RemoveRouteTableIds: tables.remove,
        AddSubnetIds: subnets.add,
        RemoveSubnetIds: subnets.remove,
        AddSecurityGroupIds: groups.add,
        RemoveSecurityGroupIds: groups.remove,
        PrivateDnsEnabled: changes.has("privateDnsEnabled") ? news.privateDnsEnabled : undefined,
      });
      await available(context, id);
    },
    async delete(context, id) {
      const { Unsuccessful } = await context.ec2("DeleteVpcEndpoints", { VpcEndpointIds: [id] });
      const failed = Unsuccessful?.[0]?.Error;
      if (failed && failed.Code !== "InvalidVpcEndpoint.NotFound")
        throw new Error(`${id} stays: ${failed.Code ?? "?"}: ${failed.Message ?? ""}`);
      await until(context, `VPC endpoint ${id} to be deleted`, async () => {
        const it = await find(context, id);
        return !it || it.State?.toLowerCase() === "deleted" ? true : undefined;
      });
    },
  },
  { tags: ec2Tags },
);

async function find(context: AwsContext, id: string) {
  // By filter, as a deleted endpoint is an empty answer here and an error by id.
  return (await context.ec2("DescribeVpcEndpoints", { Filters: [{ Name: "vpc-endpoint-id", Values: [id] }] }))
    .VpcEndpoints?.[0];
}

async function available(context: AwsContext, id: string): Promise<void> {
  await until(context, `VPC endpoint ${id} to be available`, async () => {
    const it = await find(context, id);
    const state = it?.State?.toLowerCase();
    if (state === "failed" || state === "rejected") {
      throw new Error(
        `VPC endpoint ${id} ${state}: ${it?.LastError?.Message ?? "no reason given"}. Remove the cause and run the update again.`,
      );
    }
    return state === "available" || state === "pendingacceptance" ? true : undefined;
  });
}

async function prefixList(context: AwsContext, service: string) {
  const { PrefixLists } = await context.ec2("DescribePrefixLists", {
    Filters: [{ Name: "prefix-list-name", Values: [service] }],
  });
  return PrefixLists?.find((list) => list.PrefixListName === service);
}

/** Undefined rather than empty, as AWS takes an empty list for a mistake. */
function difference(
  news: readonly string[] | undefined,
  olds: unknown,
): { add?: string[]; remove?: string[] } {
  if (news === undefined) return {};
  const before = Array.isArray(olds) ? olds.map(String) : [];
  const add = news.filter((id) => !before.includes(id));
  const remove = before.filter((id) => !news.includes(id));
  return { ...(add.length > 0 ? { add } : {}), ...(remove.length > 0 ? { remove } : {}) };
}
