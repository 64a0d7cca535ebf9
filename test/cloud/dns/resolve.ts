import type { RecordSet } from "../model";
import { storedName } from "../api/dns/names";
import { findInZone, soaOf, type Zone, zoneOf } from "./zone";

export interface Question {
  /** As it was asked, in any case, with or without the last dot. */
  readonly name: string;
  /** Such as `A`; `ANY` is answered with one of the record sets (RFC 8482, section 4.1). */
  readonly type: string;
}

export interface Resolution {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "SERVFAIL";
  /** In the order in which they were found: a chain of CNAMEs, then what its end has. */
  readonly answers: readonly RecordSet[];
  /** The SOA that says for how long "there is no such thing" may be remembered, its TTL that time (RFC 2308, section 5). */
  readonly soa?: RecordSet;
  /** Why it is SERVFAIL. */
  readonly reason?: string;
}

/** As many as BIND follows (`max-query-count` aside): enough for any chain that is meant, the end of any loop. */
const LONGEST_CHAIN = 16;

/**
 * Answers a question from zones, and from nothing else. A name in no zone would be looked up in the internet, which the
 * lab never asks: that is SERVFAIL ("could not find out") and not NXDOMAIN ("does not exist"), which would be a lie and
 * which others would remember.
 */
export function resolve(zones: readonly Zone[], { name, type }: Question): Resolution {
  const answers: RecordSet[] = [];
  let next = storedName(name);
  while (answers.length <= LONGEST_CHAIN) {
    const zone = zoneOf(zones, next);
    if (zone === undefined) return failed(`${next} is a name of the internet, which this lab never asks`);
    const sets = findInZone(zone, next);
    if (sets === undefined) return { rcode: "NXDOMAIN", answers, ...negative(zone) };
    const wanted = sets.find((set) => type === "ANY" || set.type === type);
    if (wanted !== undefined) return { rcode: "NOERROR", answers: [...answers, wanted] };
    const alias = sets.find((set) => set.type === "CNAME");
    if (alias === undefined) return { rcode: "NOERROR", answers, ...negative(zone) };
    answers.push(alias);
    next = storedName(alias.values[0] ?? "");
  }
  return failed(`the CNAME records from ${storedName(name)} on lead to no end`);
}

function failed(reason: string): Resolution {
  return { rcode: "SERVFAIL", answers: [], reason };
}

function negative(zone: Zone): { soa?: RecordSet } {
  const soa = soaOf(zone);
  if (soa === undefined) return {};
  const minimum = Number(soa.values[0]?.trim().split(/\s+/)[6] ?? soa.ttl);
  return { soa: { ...soa, ttl: Math.min(soa.ttl, minimum) } };
}
