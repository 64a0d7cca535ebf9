import test from "ava";
import fc from "fast-check";
import {
  type AddressPlan,
  type AddressPlanArgs,
  planAddresses,
} from "../../../components/network/address.plan";
import {
  type Cidr,
  contains,
  isUsableInSubnet,
  overlaps,
  parseCidr,
} from "../../../components/network/cidr.plan";
import { describeProblems } from "../../../components/network/problem.plan";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];

function plan(args: AddressPlanArgs): AddressPlan {
  const result = planAddresses(args);
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result.value;
}

function cidr(text: string): Cidr {
  const result = parseCidr(text);
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result.value;
}

/** Any block within 10.0.0.0/8 or 172.16.0.0/12 of a size that a VPC may have here. */
const vpcCidrs = fc
  .tuple(fc.constantFrom(0x0a000000, 0xac100000), fc.nat(0xfffff), fc.integer({ min: 16, max: 24 }))
  .map(([base, within, prefix]) => {
    const value = Math.floor((base + within) / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
    return `${[24, 16, 8, 0].map((bits) => (value >>> bits) & 255).join(".")}/${prefix}`;
  });

const args = fc.record({
  vpcCidr: vpcCidrs,
  zones: fc.integer({ min: 2, max: 4 }).map((n) => ZONES.slice(0, n)),
  egress: fc.constantFrom("none" as const, "nat" as const),
  onPremisesLink: fc.boolean(),
});

test("subnets are disjoint and inside the VPC, and AWS accepts their size", (t) => {
  fc.assert(
    fc.property(args, (a) => {
      const { subnets, vpcCidr } = plan(a);
      const blocks = subnets.map((s) => cidr(s.cidr));
      for (const [i, block] of blocks.entries()) {
        if (!contains(cidr(vpcCidr), block) || block.prefix > 28 || block.prefix < 16) return false;
        if (blocks.some((other, j) => j !== i && overlaps(block, other))) return false;
      }
      return new Set(subnets.map((s) => s.key)).size === subnets.length;
    }),
  );
  t.pass();
});

test("every fixed address is usable in its subnet, and no two are the same", (t) => {
  fc.assert(
    fc.property(args, (a) => {
      const { subnets, addresses } = plan(a);
      const all = Object.values(addresses);
      return (
        new Set(all.map((x) => x.address)).size === all.length &&
        all.every(({ subnet, address }) => {
          const home = subnets.find((s) => s.key === subnet);
          return home !== undefined && isUsableInSubnet(cidr(home.cidr), address);
        })
      );
    }),
  );
  t.pass();
});

test("another zone, an egress or a link adds subnets and moves nothing", (t) => {
  fc.assert(
    fc.property(args, (a) => {
      const before = plan({ vpcCidr: a.vpcCidr, zones: a.zones.slice(0, 2) });
      const after = plan(a);
      return (
        before.subnets.every((s) => after.subnets.some((x) => JSON.stringify(x) === JSON.stringify(s))) &&
        JSON.stringify(before.addresses) === JSON.stringify(after.addresses)
      );
    }),
  );
  t.pass();
});

test("the reference environment has the layout that people will see", (t) => {
  const { subnets, resolver, addresses } = plan({
    vpcCidr: "10.0.0.0/16",
    zones: ZONES.slice(0, 2),
    egress: "nat",
  });
  t.deepEqual(
    subnets.map((s) => [s.key, s.zone, s.cidr]),
    [
      ["service-a", "us-east-1a", "10.0.0.0/20"],
      ["service-b", "us-east-1b", "10.0.16.0/20"],
      ["management-a", "us-east-1a", "10.0.64.0/20"],
      ["management-b", "us-east-1b", "10.0.80.0/20"],
      ["public-a", "us-east-1a", "10.0.128.0/20"],
    ],
  );
  t.is(resolver, "10.0.0.2");
  t.deepEqual(addresses.node1, { subnet: "service-a", address: "10.0.0.10" });
  t.deepEqual(addresses.floatingEni, { subnet: "service-a", address: "10.0.0.12" });
  t.deepEqual(addresses.forwarder2, { subnet: "management-b", address: "10.0.80.5" });
});

test("the pair of the floating ENI shares its zone, the others stand in two", (t) => {
  const { subnets, addresses } = plan({ vpcCidr: "10.0.0.0/16", zones: ZONES.slice(0, 2) });
  const zone = (owner: keyof typeof addresses) =>
    subnets.find((s) => s.key === addresses[owner].subnet)?.zone;
  t.is(zone("nodeA"), zone("floatingEni"));
  t.is(zone("nodeB"), zone("floatingEni"));
  t.not(addresses.nodeA.subnet, addresses.floatingEni.subnet);
  t.not(zone("node1"), zone("node2"));
  t.not(zone("forwarder1"), zone("forwarder2"));
  t.not(zone("resolver1"), zone("resolver2"));
});

test("all problems are told at once, each with a key and a remedy", (t) => {
  const result = planAddresses({ vpcCidr: "127.0.0.0/25", zones: ["us-east-1a"] });
  t.false(result.ok);
  if (result.ok) return;
  t.deepEqual(
    result.problems.map((p) => p.key),
    ["vpcCidr", "vpcCidr", "zones"],
  );
  t.true(result.problems.every((p) => p.reason.length > 0 && p.remedy.length > 0));
});

for (const [vpcCidr, remedy] of [
  ["10.0.0.1/16", /10\.0\.0\.0\/16/],
  ["10.0.0.0/8", /10\.0\.0\.0\/16/],
  ["10.0.0.0/25", /\/24 or a larger/],
  ["10.0.0.0/28", /\/24 or a larger/],
  ["10.0.0.0", /10\.0\.0\.0\/32/],
  ["169.254.0.0/20", /RFC 1918/],
  ["2001:db8::/56", /IPv4/],
  ["ten", /10\.0\.0\.0\/16/],
] as const) {
  test(`the VPC block ${vpcCidr} is refused, with a remedy`, (t) => {
    const result = planAddresses({ vpcCidr, zones: ZONES.slice(0, 2) });
    t.false(result.ok);
    if (!result.ok) t.regex(describeProblems(result.problems), remedy);
  });
}

for (const [zones, reason] of [
  [[], /no zone is given/],
  [["us-east-1a", "us-east-1a"], /us-east-1a is listed twice/],
  [[...ZONES, "us-east-1e"], /room for 4/],
] as const) {
  test(`the zones ${JSON.stringify(zones)} are refused`, (t) => {
    const result = planAddresses({ vpcCidr: "10.0.0.0/16", zones });
    t.false(result.ok);
    if (!result.ok) t.regex(describeProblems(result.problems), reason);
  });
}
