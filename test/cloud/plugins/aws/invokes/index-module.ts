/** The functions of the package's root: where am I, and who. */
import { flag, list, text } from "../../frame/fields";
import { need, partitionOf } from "../context";
import { invoke } from "../define";
import { filterFields, toFilters } from "./filters";

export const getAvailabilityZones = invoke({
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  inputs: {
    allAvailabilityZones: flag(),
    excludeNames: list(text()),
    excludeZoneIds: list(text()),
    filters: filterFields.filters,
    region: text(),
    state: text({ values: ["available", "information", "impaired", "unavailable"] }),
  },
  async run(context, inputs) {
    const { AvailabilityZones = [] } = await context.ec2("DescribeAvailabilityZones", {
      AllAvailabilityZones: inputs.allAvailabilityZones,
      Filters: toFilters({ filters: inputs.filters }, { state: inputs.state }),
    });
    const zones = AvailabilityZones.filter(
      (zone) =>
        !inputs.excludeNames?.includes(zone.ZoneName ?? "") &&
        !inputs.excludeZoneIds?.includes(zone.ZoneId ?? ""),
    ).sort((a, b) => (a.ZoneName ?? "").localeCompare(b.ZoneName ?? ""));
    return {
      ...inputs,
      id: context.region,
      region: context.region,
      names: zones.map((zone) => zone.ZoneName),
      zoneIds: zones.map((zone) => zone.ZoneId),
      groupNames: [...new Set(zones.map((zone) => zone.GroupName ?? context.region))],
    };
  },
});

export const getRegion = invoke({
  token: "aws:index/getRegion:getRegion",
  inputs: { region: text(), name: text(), id: text(), endpoint: text() },
  run(context, inputs) {
    const region = inputs.region ?? inputs.name ?? context.region;
    const { dnsSuffix } = partitionOf(region);
    return Promise.resolve({
      id: region,
      region,
      name: region,
      description: region,
      endpoint: `ec2.${region}.${dnsSuffix}`,
    });
  },
});

export const getPartition = invoke({
  token: "aws:index/getPartition:getPartition",
  inputs: { id: text() },
  run(context) {
    const { id, dnsSuffix, reverseDnsPrefix } = partitionOf(context.region);
    return Promise.resolve({ id, partition: id, dnsSuffix, reverseDnsPrefix });
  },
});

export const getCallerIdentity = invoke({
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  inputs: { id: text() },
  async run(context) {
    const it = await context.sts("GetCallerIdentity", {});
    const accountId = need(it.Account, "the account of the credentials");
    return { id: accountId, accountId, arn: it.Arn, userId: it.UserId };
  },
});
