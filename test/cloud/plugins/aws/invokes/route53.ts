import { flag, map, text } from "../../frame/fields";
import { need } from "../context";
import { invoke } from "../define";
import { domain } from "../normalise";
import { bare, withoutDot } from "../types/route53/changes";
import { single } from "./filters";

export const getZone = invoke({
  token: "aws:route53/getZone:getZone",
  inputs: { zoneId: text(), name: text(), privateZone: flag(), vpcId: text(), tags: map() },
  async run(context, inputs) {
    if ((inputs.zoneId === undefined) === (inputs.name === undefined)) {
      throw new Error("exactly one of zoneId and name must be set. Keep one.");
    }
    const id = inputs.zoneId ?? (await search());
    const [it, tags] = await Promise.all([
      context.route53("GetHostedZone", { Id: id }),
      context.route53("ListTagsForResource", { ResourceType: "hostedzone", ResourceId: id }),
    ]);
    const zone = need(it.HostedZone, `the hosted zone ${id}`);
    const servers = it.DelegationSet?.NameServers ?? [];
    return {
      id,
      zoneId: id,
      arn: `arn:${context.partition}:route53:::hostedzone/${id}`,
      name: withoutDot(zone.Name ?? ""),
      callerReference: zone.CallerReference ?? "",
      comment: zone.Config?.Comment ?? "",
      privateZone: zone.Config?.PrivateZone ?? false,
      vpcId: inputs.vpcId ?? "",
      nameServers: servers,
      primaryNameServer: servers[0] ?? "",
      resourceRecordSetCount: zone.ResourceRecordSetCount ?? 0,
      linkedServiceDescription: zone.LinkedService?.Description ?? "",
      linkedServicePrincipal: zone.LinkedService?.ServicePrincipal ?? "",
      enableAcceleratedRecovery: false,
      tags: Object.fromEntries(
        (tags.ResourceTagSet?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
      ),
    };

    async function search(): Promise<string> {
      const { HostedZones = [] } = await context.route53("ListHostedZones", {});
      const isPrivate = inputs.privateZone ?? inputs.vpcId !== undefined;
      const named = HostedZones.filter(
        (zone) =>
          domain(zone.Name ?? "") === domain(inputs.name ?? "") &&
          (zone.Config?.PrivateZone ?? false) === isPrivate,
      ).map((zone) => bare(zone.Id ?? ""));
      const matching: string[] = [];
      for (const candidate of named) if (await fits(candidate)) matching.push(candidate);
      return single(matching, `${isPrivate ? "private" : "public"} hosted zone ${inputs.name ?? ""}`);
    }

    async function fits(candidate: string): Promise<boolean> {
      if (inputs.vpcId !== undefined) {
        const { VPCs = [] } = await context.route53("GetHostedZone", { Id: candidate });
        if (!VPCs.some((vpc) => vpc.VPCId === inputs.vpcId)) return false;
      }
      if (inputs.tags === undefined) return true;
      const { ResourceTagSet } = await context.route53("ListTagsForResource", {
        ResourceType: "hostedzone",
        ResourceId: candidate,
      });
      return Object.entries(inputs.tags).every(([key, value]) =>
        ResourceTagSet?.Tags?.some((tag) => tag.Key === key && tag.Value === value),
      );
    }
  },
});
