import { type ResourceRecordSet, type RRType } from "@aws-sdk/client-route-53";
import { exactlyOne } from "../../../frame/check";
import { flag, list, number, object, required, set, text, words } from "../../../frame/fields";
import { isValues, type Values } from "../../../frame/values";
import { type AwsContext, need, textOf } from "../../context";
import { resource } from "../../define";
import { domain } from "../../normalise";
import { bare, BUSY, inSync, unescaped, withoutDot } from "./changes";

/** Its id is ZONE_name_TYPE, also for import. */
export const record = resource(
  {
    token: "aws:route53/record:Record",
    inputs: {
      zoneId: required(text({ forceNew: true, normalise: bare })),
      name: required(text({ forceNew: true, normalise: domain })),
      type: required(text()),
      ttl: number(),
      records: set(text()),
      aliases: list(
        object({
          name: required(text({ normalise: domain })),
          zoneId: required(text()),
          evaluateTargetHealth: required(flag()),
        }),
      ),
      allowOverwrite: flag({ computed: true, local: true }),
    },
    outputs: words("fqdn"),
    gone: ["NoSuchHostedZone"],
    busy: BUSY,
    check: (inputs) => [
      ...exactlyOne(inputs, ["records", "aliases"]),
      ...(inputs.records !== undefined && inputs.ttl === undefined
        ? [{ property: "ttl", reason: "a record with records needs ttl, in seconds. Set it." }]
        : []),
    ],
    async create(context, inputs) {
      const zoneId = bare(inputs.zoneId);
      const name = await fullName(context, zoneId, inputs.name);
      const Action = inputs.allowOverwrite === true ? "UPSERT" : "CREATE";
      await change(context, zoneId, [{ Action, ResourceRecordSet: toAws(name, inputs) }]);
      return `${zoneId}_${name}_${inputs.type}`;
    },
    async read(context, id, prior) {
      const { zoneId, name, type } = parse(id, prior.state);
      const it = await find(context, zoneId, name, type);
      if (!it) return undefined;
      const asked = textOf(prior.inputs, "name") || textOf(prior.state, "name");
      const values = (it.ResourceRecords ?? []).map(({ Value = "" }) =>
        type === "TXT" || type === "SPF" ? unquoted(Value) : Value,
      );
      const alias = it.AliasTarget;
      return {
        id: `${zoneId}_${name}_${type}`,
        zoneId,
        // In the zone's short form if the program has it so.
        name: asked !== "" && domain(name).startsWith(domain(asked)) ? asked : name,
        fqdn: name,
        type,
        ttl: alias ? undefined : it.TTL,
        records: alias ? undefined : values,
        aliases: alias
          ? [
              {
                name: withoutDot(alias.DNSName ?? ""),
                zoneId: alias.HostedZoneId,
                evaluateTargetHealth: alias.EvaluateTargetHealth,
              },
            ]
          : undefined,
      };
    },
    async update(context, id, news, changes, state) {
      const { zoneId, name, type } = parse(id, state);
      const next = toAws(name, news);
      if (!changes.has("type")) {
        await change(context, zoneId, [{ Action: "UPSERT", ResourceRecordSet: next }]);
        return;
      }
      // One batch: there is no moment without a record.
      const old = await find(context, zoneId, name, type);
      const removal = old ? [{ Action: "DELETE" as const, ResourceRecordSet: old }] : [];
      await change(context, zoneId, [...removal, { Action: "CREATE", ResourceRecordSet: next }]);
      state["type"] = news.type;
    },
    async delete(context, id, state) {
      const { zoneId, name, type } = parse(id, state);
      const it = await find(context, zoneId, name, type);
      if (it) await change(context, zoneId, [{ Action: "DELETE", ResourceRecordSet: it }]);
    },
  },
  { global: true },
);

interface Change {
  Action: "CREATE" | "UPSERT" | "DELETE";
  ResourceRecordSet: ResourceRecordSet;
}

async function change(context: AwsContext, zoneId: string, Changes: Change[]): Promise<void> {
  const ChangeBatch = { Comment: "Managed by Pulumi", Changes };
  const { ChangeInfo } = await context.route53("ChangeResourceRecordSets", {
    HostedZoneId: zoneId,
    ChangeBatch,
  });
  await inSync(context, ChangeInfo?.Id);
}

/** A name that doesn't end in the zone's is one below it, as the official provider reads it. */
async function fullName(context: AwsContext, zoneId: string, name: string): Promise<string> {
  const { HostedZone } = await context.route53("GetHostedZone", { Id: zoneId });
  const zone = domain(need(HostedZone?.Name, "the hosted zone's name"));
  const asked = domain(name);
  if (asked === "" || asked === zone) return zone;
  return asked.endsWith(`.${zone}`) ? asked : `${asked}.${zone}`;
}

function parse(id: string, state: Values): { zoneId: string; name: string; type: string } {
  const match = /^([^_]+)_(.+)_([A-Z]+)$/.exec(id);
  const [, zoneId, name, type] = match ?? [];
  if (zoneId === undefined || name === undefined || type === undefined) {
    throw new Error(
      `a record is named ZONEID_name_TYPE, such as Z123_www.example.com_A, and not "${id}". Use that form.`,
    );
  }
  return { zoneId, name: withoutDot(name), type: textOf(state, "type") || type };
}

async function find(
  context: AwsContext,
  zoneId: string,
  name: string,
  type: string,
): Promise<ResourceRecordSet | undefined> {
  const { ResourceRecordSets = [] } = await context.route53("ListResourceRecordSets", {
    HostedZoneId: zoneId,
    StartRecordName: name,
    StartRecordType: type as RRType,
    MaxItems: 10,
  });
  return ResourceRecordSets.find(
    (it) => it.Type === type && domain(unescaped(it.Name ?? "")) === domain(name),
  );
}

function toAws(name: string, inputs: Values): ResourceRecordSet {
  const type = textOf(inputs, "type");
  const alias: unknown = Array.isArray(inputs["aliases"]) ? inputs["aliases"][0] : undefined;
  if (isValues(alias)) {
    const target = {
      DNSName: textOf(alias, "name"),
      HostedZoneId: textOf(alias, "zoneId"),
      EvaluateTargetHealth: alias["evaluateTargetHealth"] === true,
    };
    return { Name: name, Type: type as RRType, AliasTarget: target };
  }
  const values = Array.isArray(inputs["records"]) ? inputs["records"].map(String) : [];
  const quote = type === "TXT" || type === "SPF";
  return {
    Name: name,
    Type: type as RRType,
    TTL: Number(inputs["ttl"]),
    ResourceRecords: values.map((value) => ({ Value: quote ? `"${value}"` : value })),
  };
}

const unquoted = (value: string): string => value.replace(/^"|"$/g, "");
