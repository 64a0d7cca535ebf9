import { type Cidr } from "../network/cidr.plan";
import { type Planned, planned, refused } from "../network/problem.plan";
import { isDomainName } from "./names.plan";

/**
 * Reads a zone's name, in any case and with or without a final dot; the value has neither capitals nor the dot. A
 * single label is refused, for forwarding a top-level domain takes names from others, and so is a name that reads
 * like an address.
 */
export function parseZone(text: string, key?: string): Planned<string> {
  const name = text.toLowerCase().replace(/\.$/, "");
  if (isDomainName(name) && !/^[0-9]+$/.test(name.split(".").at(-1) ?? "")) return planned(name);
  return refused({
    key,
    reason: `${JSON.stringify(text.slice(0, 80))} is not a domain name of two labels or more`,
    remedy: "use letters, digits, dashes and dots, e.g. awslab.mycompany.corp",
  });
}

/** Where EC2 names instances by their address (VPC User Guide, "DNS hostnames"). */
export function internalDomain(region: string): string {
  return region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
}

/**
 * The zones of `in-addr.arpa` that cover an IPv4 block. They exist at whole octets only, so a /20 is 16 zones, and a
 * /26 is the zone of its /24 (RFC 1035, section 3.5).
 */
export function reverseZones(cidr: Cidr): string[] {
  const octets = Math.min(3, Math.max(1, Math.ceil(cidr.prefix / 8)));
  const size = 1n << BigInt(32 - octets * 8);
  const zones: string[] = [];
  for (let at = (cidr.first / size) * size; at <= cidr.last; at += size) {
    const labels = [24n, 16n, 8n].slice(0, octets).map((bits) => (at >> bits) & 255n);
    zones.push(`${labels.reverse().join(".")}.in-addr.arpa`);
  }
  return zones;
}
