/** The names that the VPC's resolver knows without a hosted zone (Route 53 Developer Guide, "autodefined system rules"). */
import { internalDomain, reverseZones } from "../../../components/dns/zones.plan";
import { parseCidr } from "../../../components/network/cidr.plan";
import type { CloudModel, RecordSet, Vpc } from "../model";
import type { Zone } from "./zone";

/** Seconds: how long EC2's own names, and their absence, may be remembered. */
const TTL = 60;

/** Reserved for private use or for one machine: answered here and never asked for elsewhere (RFC 6303, section 4). */
const LOCALLY_SERVED = [
  "10.in-addr.arpa.",
  ...Array.from({ length: 16 }, (_, i) => `${16 + i}.172.in-addr.arpa.`),
  "168.192.in-addr.arpa.",
  "127.in-addr.arpa.",
  "254.169.in-addr.arpa.",
];

/**
 * The zones of EC2's own names: one name for each address that an interface of the VPC has, and the way back.
 *
 * @returns the least specific last
 */
export function autodefinedZones(model: CloudModel, vpc: Vpc): Zone[] {
  const addresses = model.networkInterfaces.flatMap((one) => (one.vpcId === vpc.id ? one.addresses : []));
  const domain = `${internalDomain(model.region)}.`;
  const names = addresses.map((address) => ({ address, name: `${hostLabel(address)}.${domain}` }));
  const forward = names.map(({ address, name }) => record(name, "A", address));
  const reverse = names.map(({ address, name }) => record(`${reverseName(address)}`, "PTR", name));
  const blocks = vpc.cidrBlocks.flatMap((block) => {
    const cidr = parseCidr(block);
    if (!cidr.ok) throw new Error(`The block ${block} of ${vpc.id} is no CIDR`);
    return reverseZones(cidr.value).map((zone) => `${zone}.`);
  });
  const wider = LOCALLY_SERVED.filter((name) => !blocks.includes(name));
  return [
    zone(domain, forward),
    ...blocks.map((block) =>
      zone(
        block,
        reverse.filter(({ name }) => name.endsWith(`.${block}`)),
      ),
    ),
    zone("localhost.", [record("localhost.", "A", "127.0.0.1")]),
    ...wider.map((name) => zone(name, [])),
  ];
}

/** Such as `ip-10-0-0-10`, for IPv4. */
function hostLabel(address: string): string {
  return `ip-${address.replaceAll(".", "-")}`;
}

function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
}

function zone(name: string, records: RecordSet[]): Zone {
  const soa = record(name, "SOA", `ns0.${name} hostmaster.amazon.com. 2012103100 3600 3600 3600 ${TTL}`);
  return { name, records: [soa, ...records] };
}

function record(name: string, type: string, value: string): RecordSet {
  return { name, type, ttl: TTL, values: [value] };
}
