import { containsAddress, parseCidr } from "../../../components/network/cidr.plan";
import { stackRule } from "../../lib/rule";
import type { Member, Stack } from "../../lib/stack";
import { types } from "../../lib/types";
import { asList, asText, at, texts, UNKNOWN } from "../../lib/values";

/** Names that nobody can register, so that a zone of them is meant to be private (RFC 6762, RFC 8375, ICANN's lists). */
const internalNames =
  /(^|\.)(corp|home|home\.arpa|internal|intranet|lan|local|localdomain|mail|private)\.?$/i;

/** Reverse zones of the same blocks (RFC 6303): below 10, 16 to 31.172, 168.192, 64 to 127.100, and d.f and c.f for IPv6. */
const internalReverse =
  /(^|\.)(?:10|(?:1[6-9]|2\d|3[01])\.172|168\.192|(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.100)\.in-addr\.arpa\.?$|(^|\.)[cd]\.f\.ip6\.arpa\.?$/i;

/** RFC 1918, RFC 6598 and RFC 4193. */
const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"].flatMap(
  (text) => {
    const cidr = parseCidr(text);
    return cidr.ok ? [cidr.value] : [];
  },
);

export const privateZonePrivate = stackRule({
  name: "private-zone-private",
  description: "A zone of internal names, of internal addresses or of a service that fails over is private.",
  why: "a public zone shows the network to everyone, and its names are not found in the VPC before they are public",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html",
  check: (stack) =>
    stack.ofType(types.zone, types.publicNamespace).flatMap((resource) => {
      if (isPrivate(resource)) return [];
      const reason = whyPrivate(stack, resource);
      if (reason === undefined) return [];
      const remedy = "give it the VPC in vpcs; a zone that is public cannot be associated later";
      return [{ resource, found: `is a public zone, and ${reason}`, remedy }];
    }),
});

/** A zone is private from its creation on, by its first VPC: an association of its own can only add further ones. */
function isPrivate(zone: Member): boolean {
  return zone.props.vpcs === UNKNOWN || asList(zone.props.vpcs).length > 0;
}

function whyPrivate(stack: Stack, zone: Member): string | undefined {
  const name = asText(zone.props.name) ?? "";
  if (internalNames.test(name)) return `${name} is an internal name`;
  if (internalReverse.test(name)) return `${name} is the reverse zone of internal addresses`;
  const services = stack.ofType(types.serviceName);
  const service = services.find((member) =>
    stack.linked(member, "hostedZoneId", [types.zone]).members.includes(zone),
  );
  if (service !== undefined) return `the service name ${service.name} is in it`;
  if (stack.linkedTo(zone, [types.zoneAssociation], "zoneId").length > 0)
    return "a VPC is to be associated with it";
  for (const record of stack.linkedTo(zone, [types.record, types.recordsExclusive], "zoneId")) {
    const address = valuesOf(record).find((text) =>
      privateBlocks.some((block) => containsAddress(block, text.trim())),
    );
    if (address !== undefined) return `the record ${record.name} in it has the internal address ${address}`;
  }
  return undefined;
}

/** Values of one record, or of all that a zone is to have. */
function valuesOf({ props }: Member): readonly string[] {
  const sets = asList(props.resourceRecordSets).flatMap((set) => asList(at(set, "resourceRecords")));
  return [...texts(props.records), ...sets.flatMap((value) => texts(at(value, "value")))];
}
