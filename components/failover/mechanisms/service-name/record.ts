/** Reading and writing the one A record of a service name, as a pointer. */
import { type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { type Candidates } from "../../core/contract";
import { type Context, type Route53Calls } from "../../core/context";
import { codeOf, describe } from "../../core/errors";
import { type Entries, type Pointers, type WriteBounds } from "../../core/pointers";
import { awsCommand } from "../../core/repair";
import { type Deadline, persist } from "../../core/retry";

export interface NameCandidate {
  /** IPv4 address that the name leads to when this node is active. */
  address: string;
  /** The node, when it's an instance: preflight then checks that it's alive and has the address. */
  instanceId?: string;
}

export interface NameService {
  hostedZoneId: string;
  /** Full name, with or without the final dot. */
  name: string;
  /** Seconds for which resolvers keep the answer: what a failover costs their clients at most. */
  ttl: number;
  region: string;
  candidates: Candidates<NameCandidate>;
  /** Addresses of candidates that have been replaced: a record with one of them is the service's own. */
  formerAddresses?: string[];
  /** The VPC whose resolver has to know the name; preflight then checks that the zone is associated with it. */
  vpcId?: string;
}

/** What an A record says. */
export interface Answer {
  ttl: number;
  addresses: string[];
  /** Set when the record is of a kind that this service doesn't make: an alias, or one with a routing policy. */
  special?: string;
}

export function sameAnswer(one: Answer | undefined, other: Answer | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.ttl === other.ttl &&
    one.special === other.special &&
    sortedText(one.addresses) === sortedText(other.addresses)
  );
}

function sortedText(addresses: string[]): string {
  return [...addresses].sort().join(", ");
}

/** Route 53 gives names in lower case with a final dot, and `*` and other odd characters as octal escapes. */
export function normalName(name: string): string {
  const plain = name.replace(/\\(\d{3})/g, (_escape, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
  return `${plain.replace(/\.$/, "").toLowerCase()}.`;
}

/** All records at the name, of any type. */
export async function recordsAt(
  route53: Route53Calls,
  service: { hostedZoneId: string; name: string },
  context: Context,
  deadline: Deadline,
): Promise<ResourceRecordSet[]> {
  const input = { HostedZoneId: service.hostedZoneId, StartRecordName: service.name, MaxItems: 20 };
  const answer = await persist((options) => route53.listResourceRecordSets(input, options), {
    deadline,
    perCall: context.limits.readCall,
  });
  return (answer.ResourceRecordSets ?? []).filter(
    (record) => record.Name !== undefined && normalName(record.Name) === normalName(service.name),
  );
}

/** What the A record among them says, if there is one. */
export function answerOf(records: ResourceRecordSet[]): Answer | undefined {
  const record = records.find(({ Type }) => Type === "A");
  if (record === undefined) return undefined;
  const addresses = (record.ResourceRecords ?? []).flatMap(({ Value }) => Value ?? []);
  const special =
    record.AliasTarget === undefined
      ? record.SetIdentifier
      : `alias of ${record.AliasTarget.DNSName ?? "another name"}`;
  return { ttl: record.TTL ?? 0, addresses, ...(special === undefined ? {} : { special }) };
}

/** The candidate that has the answer's one address. */
export function nodeOf(service: NameService, answer: Answer | undefined): string | undefined {
  if (answer === undefined || answer.special !== undefined || answer.addresses.length !== 1) return undefined;
  return Object.entries(service.candidates).find(([, { address }]) => address === answer.addresses[0])?.[0];
}

/** Whether the record is one of the service's own: its one address is a candidate's, present or former. */
export function isOurs(service: NameService, answer: Answer | undefined): boolean {
  if (nodeOf(service, answer) !== undefined) return true;
  const [address, ...others] = answer?.special === undefined ? (answer?.addresses ?? []) : [];
  return address !== undefined && others.length === 0 && (service.formerAddresses ?? []).includes(address);
}

/** The record as the one pointer of the service; `changed` is told the id of each change that Route 53 accepts. */
export function recordOf(
  service: NameService,
  route53: Route53Calls,
  context: Context,
  changed: (id: string) => void = () => undefined,
): Pointers<Answer> {
  const name = normalName(service.name);
  return {
    read: async (deadline): Promise<Entries<Answer>> => {
      const target = answerOf(await recordsAt(route53, service, context, deadline));
      return new Map([[name, { ...(target === undefined ? {} : { target }), dead: false }]]);
    },
    write: async (_name, target, now, bounds, maybe = []) => {
      const call = (change: Change): Promise<string | undefined> =>
        apply(service, route53, context, change, bounds);
      // A deletion has to give the record exactly as it is, so everything that it may be is tried.
      const changes =
        target === undefined ? unique([now, ...maybe]).map((answer) => changeOf(name, "DELETE", answer)) : [];
      if (target !== undefined) changes.push(changeOf(name, "UPSERT", target));
      for (const change of changes) {
        const id = await call(change);
        if (id !== undefined) changed(id);
      }
    },
    same: sameAnswer,
    isGone: () => false,
    place: (where, { target }) => {
      const node = nodeOf(service, target);
      const off =
        node === undefined || target === undefined || target.ttl === service.ttl
          ? undefined
          : `has a TTL of ${target.ttl} s instead of ${service.ttl} s`;
      return {
        where,
        ...(target === undefined ? {} : { target: target.special ?? sortedText(target.addresses) }),
        ...(node === undefined ? {} : { node }),
        ...(off === undefined ? {} : { off }),
      };
    },
    repair: (_name, target, now) => {
      const answer = target ?? now;
      if (answer === undefined) return [];
      const change = changeOf(name, target === undefined ? "DELETE" : "UPSERT", answer);
      const batch = JSON.stringify({ Changes: [change] });
      const settings = { region: service.region, profile: context.profile };
      const options = ["--hosted-zone-id", service.hostedZoneId, "--change-batch", `'${batch}'`];
      return [awsCommand(settings, "route53", "change-resource-record-sets", options)];
    },
  };
}

interface Change {
  Action: "UPSERT" | "DELETE";
  ResourceRecordSet: ResourceRecordSet;
}

function changeOf(name: string, action: Change["Action"], answer: Answer): Change {
  return {
    Action: action,
    ResourceRecordSet: {
      Name: name,
      Type: "A",
      TTL: answer.ttl,
      ResourceRecords: answer.addresses.map((Value) => ({ Value })),
    },
  };
}

function unique(answers: (Answer | undefined)[]): Answer[] {
  const found: Answer[] = [];
  for (const answer of answers)
    if (answer !== undefined && !found.some((other) => sameAnswer(answer, other))) found.push(answer);
  return found;
}

/** Undefined: there was nothing to delete. */
async function apply(
  service: NameService,
  route53: Route53Calls,
  context: Context,
  change: Change,
  bounds: WriteBounds,
): Promise<string | undefined> {
  const input = { HostedZoneId: service.hostedZoneId, ChangeBatch: { Changes: [change] } };
  try {
    const answer = await persist((options) => route53.changeResourceRecordSets(input, options), {
      ...bounds,
      perCall: context.limits.writeCall,
    });
    return answer.ChangeInfo?.Id;
  } catch (error) {
    // Source: the messages of InvalidChangeBatch, "… but it was not found" and "… but the values provided do not match
    // the current values".
    const absent = codeOf(error) === "InvalidChangeBatch" && /not found|do not match/i.test(describe(error));
    if (change.Action === "DELETE" && absent) return undefined;
    throw error;
  }
}
