import { type Cidr, nthAddress, nthSubnet, overlaps, parseCidr } from "./cidr.plan";
import { type Planned, type Problem, planned, refused } from "./problem.plan";

/**
 * What a subnet is for. `service` holds what clients talk to, `management` the primary interfaces of the ENI pair and
 * the forwarders, `public` the NAT gateway, `transit` the attachment of the on-premises link (AWS asks for subnets
 * of its own there, so that network ACLs and addresses do not mix).
 */
export type SubnetPurpose = "service" | "management" | "public" | "transit";

export interface PlannedSubnet {
  /** Stable name, `service-a`: purpose and the letter of the zone's place in the list. */
  key: string;
  /** Availability zone, e.g. `us-east-1a`. */
  zone: string;
  cidr: string;
  purpose: SubnetPurpose;
}

export interface PlannedAddress {
  /** Key of the subnet it belongs to. */
  subnet: string;
  address: string;
}

export interface AddressPlanArgs {
  /** Block of the VPC, /16 to /24. */
  vpcCidr: string;
  /** Availability zones in the order of their letters; two to four. */
  zones: readonly string[];
  /** How private subnets reach the internet. `nat` adds the subnet `public-a`. @default "none" */
  egress?: "none" | "nat";
  /** Whether the on-premises link exists; it adds `transit-a`, `transit-b`, … @default false */
  onPremisesLink?: boolean;
}

/** Who has a fixed address. */
export type AddressOwner =
  | "node1"
  | "node2"
  | "floatingEni"
  | "nodeA"
  | "nodeB"
  | "forwarder1"
  | "forwarder2"
  | "resolver1"
  | "resolver2";

export interface AddressPlan {
  vpcCidr: string;
  subnets: PlannedSubnet[];
  /** The VPC's DNS resolver: base address + 2 (VPC User Guide, "Amazon DNS server"). */
  resolver: string;
  addresses: Record<AddressOwner, PlannedAddress>;
}

/** Zones are lettered by their place: a stack that moves to another region keeps its resource names. */
const LETTERS = ["a", "b", "c", "d"] as const;

/**
 * The VPC is cut into 16 equal slots, four per purpose, one per zone. The place of a subnet depends on nothing but
 * its purpose and its zone's place in the list, so another zone or another egress never moves one; and each purpose
 * is one block (a quarter of the VPC) for firewalls on the other side of the link.
 */
const SLOT_BITS = 4;
const FIRST_SLOT: Record<SubnetPurpose, number> = { service: 0, management: 4, public: 8, transit: 12 };

/**
 * Offsets within a subnet; 4 to 14 exist in the smallest one, a /28. The overlay pair stands in the service subnets,
 * because its clients come in through the primary interface; the ENI pair stands in the management subnet, and only
 * the floating ENI is in the service subnet, so that service traffic needs (and shows) the policy routing.
 */
const PLACES: Record<AddressOwner, { subnet: string; offset: number }> = {
  node1: { subnet: "service-a", offset: 10 },
  node2: { subnet: "service-b", offset: 10 },
  floatingEni: { subnet: "service-a", offset: 12 },
  nodeA: { subnet: "management-a", offset: 10 },
  nodeB: { subnet: "management-a", offset: 11 },
  forwarder1: { subnet: "management-a", offset: 5 },
  forwarder2: { subnet: "management-b", offset: 5 },
  resolver1: { subnet: "management-a", offset: 6 },
  resolver2: { subnet: "management-b", offset: 6 },
};

/** Blocks that AWS does not accept for a VPC (VPC User Guide, "VPC CIDR blocks"). */
const RESERVED = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

/**
 * Lays out the VPC: subnets, the resolver's address and every fixed private address.
 *
 * @returns the plan, or every problem with `vpcCidr` and `zones` at once; it never throws.
 */
export function planAddresses(args: AddressPlanArgs): Planned<AddressPlan> {
  const vpc = parseCidr(args.vpcCidr, "vpcCidr");
  const problems = [...(vpc.ok ? vpcProblems(vpc.value) : vpc.problems), ...zoneProblems(args.zones)];
  if (!vpc.ok || problems.length > 0) return refused(...problems);

  const blocks = new Map<string, Cidr>();
  const subnets: PlannedSubnet[] = [];
  for (const purpose of purposes(args)) {
    // One NAT gateway serves all zones: a second one costs as much again and saves the lab nothing.
    const zones = purpose === "public" ? args.zones.slice(0, 1) : args.zones;
    zones.forEach((zone, place) => {
      const block = nthSubnet(vpc.value, SLOT_BITS, FIRST_SLOT[purpose] + place);
      const key = `${purpose}-${LETTERS[place] ?? place}`;
      blocks.set(key, block);
      subnets.push({ key, zone, cidr: block.text, purpose });
    });
  }

  const addresses = Object.fromEntries(
    Object.entries(PLACES).map(([owner, { subnet, offset }]) => {
      const block = blocks.get(subnet);
      if (!block) throw new Error(`The plan places ${owner} in ${subnet}, which it does not have`);
      return [owner, { subnet, address: nthAddress(block, offset) }];
    }),
  ) as Record<AddressOwner, PlannedAddress>;
  return planned({ vpcCidr: vpc.value.text, subnets, resolver: nthAddress(vpc.value, 2), addresses });
}

function purposes(args: AddressPlanArgs): SubnetPurpose[] {
  const list: SubnetPurpose[] = ["service", "management"];
  if (args.egress === "nat") list.push("public");
  if (args.onPremisesLink) list.push("transit");
  return list;
}

function vpcProblems(vpc: Cidr): Problem[] {
  const key = "vpcCidr";
  if (vpc.family === 6) {
    return [{ key, reason: `${vpc.text} is an IPv6 block`, remedy: "give an IPv4 block like 10.0.0.0/16" }];
  }
  const problems: Problem[] = [];
  if (vpc.prefix < 16) {
    problems.push({
      key,
      reason: `${vpc.text} is larger than the largest VPC, a /16`,
      remedy: `take a part of it, e.g. ${nthSubnet(vpc, 16 - vpc.prefix, 0).text}`,
    });
  }
  if (vpc.prefix > 24) {
    problems.push({
      key,
      reason: `${vpc.text} is too small for the lab's 16 subnets, of which the smallest that AWS has is a /28`,
      remedy: "take a /24 or a larger block",
    });
  }
  for (const text of RESERVED) {
    const block = parseCidr(text);
    if (block.ok && overlaps(block.value, vpc)) {
      problems.push({
        key,
        reason: `${vpc.text} is in ${text}, which AWS does not accept for a VPC`,
        remedy: "take a block of RFC 1918, e.g. 10.0.0.0/16",
      });
    }
  }
  return problems;
}

function zoneProblems(zones: readonly string[]): Problem[] {
  const key = "zones";
  const problems: Problem[] = [];
  if (zones.length < 2) {
    problems.push({
      key,
      reason: `${zones.length === 0 ? "no zone is" : `only ${zones.join()} is`} given, and the nodes need two zones`,
      remedy: "list two availability zones of the region, e.g. us-east-1a and us-east-1b",
    });
  }
  if (zones.length > LETTERS.length) {
    problems.push({
      key,
      reason: `${zones.length} zones are given, and the plan has room for ${LETTERS.length}`,
      remedy: `list at most ${LETTERS.length}`,
    });
  }
  const twice = zones.filter((zone, i) => zones.indexOf(zone) !== i);
  if (twice.length > 0) {
    problems.push({ key, reason: `${twice.join(", ")} is listed twice`, remedy: "list each zone once" });
  }
  return problems;
}
