import { randomUUID } from "node:crypto";
import { AwsError } from "../gateway/errors";
import type { Context } from "../gateway/handler";
import { xmlReply, type Reply } from "../gateway/reply";
import { renderXml, type XmlElement } from "../gateway/xml";
import type { RecordSet } from "./records";
import type { Zone, ZoneChange, ZoneVpc } from "./zones";

const NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/";

export function dnsReply(action: string, content: XmlElement, status = 200, location?: string): Reply {
  const reply = xmlReply(
    `<?xml version="1.0"?>\n<${action}Response xmlns="${NAMESPACE}">${renderXml(content)}</${action}Response>`,
    status,
  );
  const headers = { ...reply.headers, "x-amzn-requestid": randomUUID() };
  return { ...reply, headers: location === undefined ? headers : { ...headers, location } };
}

export function zoneXml(zone: Zone): XmlElement {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: {
      ...(zone.comment === "" ? {} : { Comment: zone.comment }),
      PrivateZone: String(zone.isPrivate),
    },
    ResourceRecordSetCount: String(zone.records.length),
  };
}

export function vpcXml(vpc: ZoneVpc): XmlElement {
  return { VPCRegion: vpc.region, VPCId: vpc.id };
}

export function recordXml(record: RecordSet): XmlElement {
  return {
    Name: record.name,
    Type: record.type,
    TTL: record.ttl,
    ResourceRecords: { ResourceRecord: record.values.map((Value) => ({ Value })) },
  };
}

/** A change as it stands now; in the answer to the change itself it is always PENDING. */
export function changeXml(change: ZoneChange, status: "PENDING" | "INSYNC"): XmlElement {
  return {
    Id: `/change/${change.id}`,
    Status: status,
    SubmittedAt: change.submittedAt.toISOString(),
    ...(change.comment === "" ? {} : { Comment: change.comment }),
  };
}

/** A page of a list that begins at a marker: AWS's lists of zones and records have 100 and 300 entries at most. */
export function page<T>(items: T[], { call }: Context, largest: number): { items: T[]; next: T | undefined } {
  const asked = call.params.maxitems ?? String(largest);
  if (!/^[1-9]\d*$/.test(asked)) {
    const what = `Value '${asked}' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1`;
    throw new AwsError("InvalidInput", `1 validation error detected: ${what}`);
  }
  const size = Math.min(Number(asked), largest);
  return { items: items.slice(0, size), next: items[size] };
}
