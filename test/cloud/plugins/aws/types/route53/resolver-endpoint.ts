import { randomUUID } from "node:crypto";
import { object, required, set, text, words } from "../../../frame/fields";
import { isValues, type Values } from "../../../frame/values";
import { until } from "../../../frame/wait";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";
import { tagChanges, tagState, toAws, type TagWriter } from "../../tags";

const endpointTags: TagWriter = async (context, id, news, olds) => {
  const { set: changed, unset } = tagChanges(news, olds);
  const ResourceArn = await arnOf(context, id);
  if (unset.length > 0) await context.resolver("UntagResource", { ResourceArn, TagKeys: unset });
  if (Object.keys(changed).length > 0)
    await context.resolver("TagResource", { ResourceArn, Tags: toAws(changed) });
};

export const resolverEndpoint = resource(
  {
    token: "aws:route53/resolverEndpoint:ResolverEndpoint",
    inputs: {
      direction: required(text({ forceNew: true, values: ["INBOUND", "OUTBOUND"] })),
      ipAddresses: required(
        set(
          object({
            subnetId: required(text()),
            ip: text({ computed: true }),
            ipv6: text({ computed: true }),
          }),
        ),
      ),
      securityGroupIds: required(set(text(), { forceNew: true })),
      name: text({ computed: true }),
      protocols: set(text(), { computed: true }),
      resolverEndpointType: text({ forceNew: true, computed: true, values: ["IPV4"] }),
    },
    outputs: words("arn hostVpcId tagsAll rniEnhancedMetricsEnabled targetNameServerMetricsEnabled"),
    gone: ["ResourceNotFoundException"],
    check: (inputs) =>
      Array.isArray(inputs.ipAddresses) && inputs.ipAddresses.length < 2
        ? [
            {
              property: "ipAddresses",
              reason: "an endpoint needs at least two addresses, best in two zones. Add one.",
            },
          ]
        : [],
    async create(context, inputs) {
      const tags = toAws(inputs.tagsAll);
      const { ResolverEndpoint } = await context.resolver("CreateResolverEndpoint", {
        CreatorRequestId: `pulumi-${randomUUID()}`,
        Name: inputs.name,
        Direction: inputs.direction as "INBOUND" | "OUTBOUND",
        SecurityGroupIds: [...inputs.securityGroupIds],
        IpAddresses: inputs.ipAddresses.map((address) => ({ SubnetId: address.subnetId, Ip: address.ip })),
        ...(inputs.protocols === undefined ? {} : { Protocols: inputs.protocols as ("Do53" | "DoH")[] }),
        ...(inputs.resolverEndpointType === undefined ? {} : { ResolverEndpointType: "IPV4" as const }),
        Tags: tags.length > 0 ? tags : undefined,
      });
      const id = need(ResolverEndpoint?.Id, "the resolver endpoint's id");
      context.created(id);
      await operational(context, id);
      return id;
    },
    async read(context, id, prior) {
      const { ResolverEndpoint: it } = await context.resolver("GetResolverEndpoint", {
        ResolverEndpointId: id,
      });
      if (!it) return undefined;
      const ResourceArn = need(it.Arn, "the resolver endpoint's ARN");
      const [addresses, tags] = await Promise.all([
        addressesOf(context, id),
        context.resolver("ListTagsForResource", { ResourceArn }),
      ]);
      return {
        id,
        arn: it.Arn,
        hostVpcId: it.HostVPCId,
        name: it.Name ?? "",
        direction: it.Direction,
        securityGroupIds: it.SecurityGroupIds ?? [],
        protocols: it.Protocols ?? ["Do53"],
        resolverEndpointType: it.ResolverEndpointType ?? "IPV4",
        ipAddresses: addresses,
        rniEnhancedMetricsEnabled: false,
        targetNameServerMetricsEnabled: false,
        ...tagState(context, tags.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (changes.has("name", "protocols")) {
        await context.resolver("UpdateResolverEndpoint", {
          ResolverEndpointId: id,
          Name: news.name,
          ...(changes.has("protocols") ? { Protocols: news.protocols as ("Do53" | "DoH")[] } : {}),
        });
        await operational(context, id);
      }
      if (!changes.has("ipAddresses")) return;
      const left = (
        Array.isArray(state["ipAddresses"]) ? state["ipAddresses"].filter(isValues) : []
      ) as Values[];
      const add = news.ipAddresses.filter((wanted) => {
        const at = left.findIndex(
          (old) => old["subnetId"] === wanted.subnetId && (wanted.ip ?? old["ip"]) === old["ip"],
        );
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
      // New ones first: an endpoint must have two at any time.
      for (const { subnetId, ip } of add) {
        await context.resolver("AssociateResolverEndpointIpAddress", {
          ResolverEndpointId: id,
          IpAddress: { SubnetId: subnetId, Ip: ip },
        });
        await operational(context, id);
      }
      for (const old of left) {
        await context.resolver("DisassociateResolverEndpointIpAddress", {
          ResolverEndpointId: id,
          IpAddress: { IpId: textOf(old, "ipId") },
        });
        await operational(context, id);
      }
    },
    async delete(context, id) {
      await context.resolver("DeleteResolverEndpoint", { ResolverEndpointId: id });
      // Ends with ResourceNotFoundException, which is what "gone" means here.
      await until(context, `resolver endpoint ${id} to be deleted`, async () => {
        await context.resolver("GetResolverEndpoint", { ResolverEndpointId: id });
        return undefined;
      });
    },
  },
  { tags: endpointTags },
);

async function addressesOf(context: AwsContext, id: string): Promise<Values[]> {
  const { IpAddresses = [] } = await context.resolver("ListResolverEndpointIpAddresses", {
    ResolverEndpointId: id,
  });
  return IpAddresses.map((address) => ({
    subnetId: address.SubnetId,
    ip: address.Ip,
    ipId: address.IpId,
    ipv6: "",
  }));
}

async function operational(context: AwsContext, id: string): Promise<void> {
  await until(context, `resolver endpoint ${id} to be operational`, async () => {
    const { ResolverEndpoint: it } = await context.resolver("GetResolverEndpoint", {
      ResolverEndpointId: id,
    });
    if (it?.Status === "ACTION_NEEDED") {
      throw new Error(
        `resolver endpoint ${id} needs action: ${it.StatusMessage ?? "no reason given"}. Remove the cause and run the update again.`,
      );
    }
    return it?.Status === "OPERATIONAL" ? true : undefined;
  });
}

async function arnOf(context: AwsContext, id: string): Promise<string> {
  return `arn:${context.partition}:route53resolver:${context.region}:${await context.account()}:resolver-endpoint/${id}`;
}
