import { changeXml, dnsReply, page, recordXml } from "../dns/answers";
import { compareNames, nameProblem, storedName } from "../dns/names";
import { readChange, type RecordSet } from "../dns/records";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import type { Reply } from "../gateway/reply";
import { at, itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { changesOf } from "../iam/resources";

/** Route 53's records, the progress of changes, and tags of zones. */
export const recordSetHandlers: Handlers = {
  "route53:ChangeResourceRecordSets": { run: changeRecords },
  "route53:ListResourceRecordSets": { run: listRecords },
  "route53:GetChange": {
    run: ({ call, zones, settings }) => {
      const change = zones.getChange(call.params.Id ?? "");
      const isPending = Date.now() - change.submittedAt.getTime() < settings.route53PendingMs;
      return dnsReply(call.action, { ChangeInfo: changeXml(change, isPending ? "PENDING" : "INSYNC") });
    },
  },
  "route53:ChangeTagsForResource": {
    run: ({ call, zones }) => {
      const zone = zones.get(call.params.ResourceId ?? "");
      const input = call.input as XmlElement;
      for (const key of texts(input, "RemoveTagKeys.Key")) zone.tags.delete(key);
      for (const tag of elements(input, "AddTags.Tag"))
        zone.tags.set(textAt(tag, "Key"), textAt(tag, "Value"));
      return dnsReply(call.action, {});
    },
  },
  "route53:ListTagsForResource": {
    run: (context) =>
      dnsReply(context.call.action, {
        ResourceTagSet: tagSet(context, context.call.params.ResourceId ?? ""),
      }),
  },
  "route53:ListTagsForResources": {
    run: (context) => {
      const ids = texts(context.call.input as XmlElement, "ResourceIds.ResourceId");
      const sets = ids.map((id) => tagSet(context, id));
      return dnsReply(context.call.action, { ResourceTagSets: { ResourceTagSet: sets } });
    },
  },
};

function changeRecords({ call, zones, settings }: Context): Reply {
  const zone = zones.get(call.params.HostedZoneId ?? "");
  const input = call.input as XmlElement;
  const changes = changesOf(input).map(readChange);
  if (changes.length === 0) throw new AwsError("InvalidInput", "The request contains no change");
  if (Date.now() - zone.changedAt < settings.route53PriorRequestMs) {
    throw new AwsError(
      "PriorRequestNotComplete",
      "The request was rejected because Route 53 was still processing a prior request.",
    );
  }
  const change = zones.change(zone, changes, textAt(input, "ChangeBatch.Comment"));
  return dnsReply(call.action, { ChangeInfo: changeXml(change, "PENDING") });
}

function listRecords(context: Context): Reply {
  const { call, zones, stale } = context;
  const zone = zones.get(call.params.HostedZoneId ?? "");
  const { name, type } = call.params;
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined) throw new AwsError("InvalidInput", problem);
  if (type !== undefined && name === undefined) {
    throw new AwsError("InvalidInput", "The request has a start record type without a start record name.");
  }
  const records = stale ? zone.before : zone.records;
  const { items, next } = page(
    records.filter((record) => isFrom(record, name, type)),
    context,
    300,
  );
  return dnsReply(call.action, {
    ResourceRecordSets: { ResourceRecordSet: items.map(recordXml) },
    IsTruncated: String(next !== undefined),
    ...(next === undefined ? {} : { NextRecordName: next.name, NextRecordType: next.type }),
    MaxItems: call.params.maxitems ?? "300",
  });
}

function isFrom(record: RecordSet, name: string | undefined, type: string | undefined): boolean {
  if (name === undefined) return true;
  const order = compareNames(record.name, storedName(name));
  return order > 0 || (order === 0 && (type === undefined || record.type >= type));
}

function tagSet({ zones, call }: Context, id: string): XmlElement {
  const zone = zones.get(id);
  const tags = [...zone.tags].map(([Key, Value]) => ({ Key, Value }));
  return { ResourceType: call.params.ResourceType ?? "hostedzone", ResourceId: zone.id, Tags: { Tag: tags } };
}

/** A list's elements, also where a single one was not parsed as a list. */
function elements(input: XmlElement, path: string): XmlElement[] {
  const found = at(input, path);
  return typeof found === "object" && !Array.isArray(found) ? [found] : itemsAt(input, path);
}

function texts(input: XmlElement, path: string): string[] {
  const found = at(input, path);
  if (typeof found === "string") return [found];
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === "string") : [];
}
