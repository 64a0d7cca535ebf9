import { randomUUID } from "node:crypto";
import { flag, object, required, set, text, words } from "../../../frame/fields";
import { isValues } from "../../../frame/values";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";
import { domain } from "../../normalise";
import { tagChanges, tagState, toAws, type TagWriter } from "../../tags";
import { bare, BUSY, inSync, withoutDot } from "./changes";

const zoneTags: TagWriter = async (context, id, news, olds) => {
  const { set: changed, unset } = tagChanges(news, olds);
  const AddTags = toAws(changed);
  if (AddTags.length + unset.length === 0) return;
  await context.route53("ChangeTagsForResource", {
    ResourceType: "hostedzone",
    ResourceId: id,
    ...(AddTags.length > 0 ? { AddTags } : {}),
    ...(unset.length > 0 ? { RemoveTagKeys: unset } : {}),
  });
};

export const zone = resource(
  {
    token: "aws:route53/zone:Zone",
    inputs: {
      name: required(text({ forceNew: true, normalise: domain })),
      comment: text({ default: "Managed by Pulumi" }),
      vpcs: set(object({ vpcId: required(text()), vpcRegion: text({ computed: true }) })),
      forceDestroy: flag({ default: false, local: true }),
    },
    outputs: words("arn nameServers primaryNameServer tagsAll zoneId enableAcceleratedRecovery"),
    gone: ["NoSuchHostedZone"],
    busy: BUSY,
    // A zone is private from its creation on, or never.
    replaces: (property, news, state) =>
      property === "vpcs" &&
      (news.vpcs ?? []).length > 0 !== (Array.isArray(state["vpcs"]) && state["vpcs"].length > 0),
    async create(context, inputs) {
      const [first, ...others] = toVpcs(context, inputs.vpcs);
      const answer = await context.route53("CreateHostedZone", {
        Name: inputs.name,
        // One reference per creation: the SDK repeats the request with it, and Route 53 makes one zone.
        CallerReference: `Pulumi-${randomUUID()}`,
        HostedZoneConfig: { Comment: inputs.comment, ...(first ? { PrivateZone: true } : {}) },
        VPC: first,
      });
      const id = bare(need(answer.HostedZone?.Id, "the hosted zone's id"));
      context.created(id);
      await inSync(context, answer.ChangeInfo?.Id);
      await zoneTags(context, id, inputs.tagsAll, {});
      for (const VPC of others) await associate(context, id, VPC);
      return id;
    },
    async read(context, id, prior) {
      const [it, tags] = await Promise.all([
        context.route53("GetHostedZone", { Id: id }),
        context.route53("ListTagsForResource", { ResourceType: "hostedzone", ResourceId: id }),
      ]);
      if (!it.HostedZone) return undefined;
      const name = withoutDot(need(it.HostedZone.Name, "the hosted zone's name"));
      const servers =
        it.HostedZone.Config?.PrivateZone === true
          ? await ownServers(context, id, name)
          : it.DelegationSet?.NameServers;
      return {
        id,
        zoneId: id,
        arn: `arn:${context.partition}:route53:::hostedzone/${id}`,
        name,
        comment: it.HostedZone.Config?.Comment ?? "",
        nameServers: [...(servers ?? [])].sort(),
        primaryNameServer: servers?.[0] ?? "",
        enableAcceleratedRecovery: false,
        vpcs: (it.VPCs ?? []).map((vpc) => ({ vpcId: vpc.VPCId, vpcRegion: vpc.VPCRegion })),
        ...tagState(context, tags.ResourceTagSet?.Tags, prior.inputs),
      };
    },
    async update(context, id, news, changes, state) {
      if (changes.has("comment"))
        await context.route53("UpdateHostedZoneComment", { Id: id, Comment: news.comment });
      if (!changes.has("vpcs")) return;
      const [after, before] = [toVpcs(context, news.vpcs), toVpcs(context, state["vpcs"])];
      const key = (vpc: Vpc): string => `${vpc.VPCId} ${vpc.VPCRegion}`;
      // New ones first: the last VPC of a zone can't be taken away.
      for (const VPC of after)
        if (!before.some((old) => key(old) === key(VPC))) await associate(context, id, VPC);
      for (const VPC of before)
        if (!after.some((next) => key(next) === key(VPC))) await disassociate(context, id, VPC);
    },
    async delete(context, id, state) {
      if (state["forceDestroy"] === true) await deleteRecords(context, id, textOf(state, "name"));
      const answer = await context.route53("DeleteHostedZone", { Id: id });
      await inSync(context, answer.ChangeInfo?.Id);
    },
  },
  { tags: zoneTags, global: true },
);

export interface Vpc {
  VPCId: string;
  VPCRegion: "us-east-1";
}

function toVpcs(context: AwsContext, vpcs: unknown): Vpc[] {
  const list = Array.isArray(vpcs) ? vpcs.filter(isValues) : [];
  return list.map((vpc) => toVpc(textOf(vpc, "vpcId"), textOf(vpc, "vpcRegion") || context.region));
}

/** The SDK has a type of all regions; which ones there are is the service's to say. */
export const toVpc = (id: string, region: string): Vpc => ({ VPCId: id, VPCRegion: region as "us-east-1" });

export async function associate(context: AwsContext, id: string, VPC: Vpc): Promise<void> {
  const answer = await context.route53("AssociateVPCWithHostedZone", { HostedZoneId: id, VPC });
  await inSync(context, answer.ChangeInfo?.Id);
}

export async function disassociate(context: AwsContext, id: string, VPC: Vpc): Promise<void> {
  const answer = await context.route53("DisassociateVPCFromHostedZone", { HostedZoneId: id, VPC });
  await inSync(context, answer.ChangeInfo?.Id);
}

/** A private zone has no delegation set; its servers are those of its NS record. */
async function ownServers(context: AwsContext, id: string, name: string): Promise<string[]> {
  const { ResourceRecordSets = [] } = await context.route53("ListResourceRecordSets", { HostedZoneId: id });
  const ns = ResourceRecordSets.find(
    (record) => record.Type === "NS" && domain(record.Name ?? "") === domain(name),
  );
  return (ns?.ResourceRecords ?? []).flatMap(({ Value }) => (Value === undefined ? [] : [withoutDot(Value)]));
}

async function deleteRecords(context: AwsContext, id: string, name: string): Promise<void> {
  const { ResourceRecordSets = [] } = await context.route53("ListResourceRecordSets", { HostedZoneId: id });
  const own = (type: string | undefined, record: string | undefined): boolean =>
    (type === "NS" || type === "SOA") && domain(record ?? "") === domain(name);
  const Changes = ResourceRecordSets.filter((record) => !own(record.Type, record.Name)).map(
    (ResourceRecordSet) => ({
      Action: "DELETE" as const,
      ResourceRecordSet,
    }),
  );
  if (Changes.length === 0) return;
  const answer = await context.route53("ChangeResourceRecordSets", {
    HostedZoneId: id,
    ChangeBatch: { Changes },
  });
  await inSync(context, answer.ChangeInfo?.Id);
}
