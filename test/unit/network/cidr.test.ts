import test from "ava";
import {
  type Cidr,
  contains,
  containsAddress,
  isHostRoute,
  isUsableInSubnet,
  nthAddress,
  nthSubnet,
  overlaps,
  parseAddress,
  parseCidr,
} from "../../../components/network/cidr.plan";

function cidr(text: string): Cidr {
  const result = parseCidr(text);
  if (!result.ok) throw new Error(`${text} was refused`);
  return result.value;
}

test("a block is read in its canonical form", (t) => {
  t.is(cidr("10.0.0.0/16").text, "10.0.0.0/16");
  t.is(cidr("0.0.0.0/0").prefix, 0);
  t.is(cidr("2001:DB8:0:0::/56").text, "2001:db8::/56");
});

for (const text of [
  "", " ", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/16", "10.0.0.0.0/16", "010.0.0.0/8", "10.0.0.0/016",
  "10.0.0.0/16 ", "10.0.0.0/16\n", "256.0.0.0/8", "::1%eth0/128", "2001:db8::/129", "any", "10.0.0.0/16; any",
] /* prettier-ignore */) {
  test(`${JSON.stringify(text)} is not a block`, (t) => {
    t.false(parseCidr(text).ok);
  });
}

test("host bits are refused, and the remedy is the block itself", (t) => {
  const result = parseCidr("192.168.10.7/24", "overlay");
  t.deepEqual(result, {
    ok: false,
    problems: [
      {
        key: "overlay",
        reason: "192.168.10.7/24 has host bits set",
        remedy: "write the block as 192.168.10.0/24",
      },
    ],
  });
  t.false(parseCidr("2001:db8::1/64").ok);
});

test("an address is one address, without a prefix", (t) => {
  t.deepEqual(parseAddress("10.0.0.2"), { ok: true, value: "10.0.0.2" });
  t.deepEqual(parseAddress("2001:DB8::2"), { ok: true, value: "2001:db8::2" });
  for (const text of ["10.0.0.2/32", "10.0.0", "10.0.0.02", "host", "fe80::1%eth0", "10.0.0.2;"]) {
    t.false(parseAddress(text).ok, text);
  }
});

test("overlap and containment", (t) => {
  t.true(overlaps(cidr("10.0.0.0/16"), cidr("10.0.255.0/24")));
  t.true(overlaps(cidr("10.0.255.0/24"), cidr("10.0.0.0/16")));
  t.false(overlaps(cidr("10.0.0.0/16"), cidr("10.1.0.0/16")));
  t.false(overlaps(cidr("0.0.0.0/0"), cidr("::/0")));
  t.true(contains(cidr("10.0.0.0/16"), cidr("10.0.0.0/16")));
  t.false(contains(cidr("10.0.255.0/24"), cidr("10.0.0.0/16")));
  t.true(containsAddress(cidr("10.0.0.0/16"), "10.0.255.255"));
  t.false(containsAddress(cidr("10.0.0.0/16"), "10.1.0.0"));
  t.false(containsAddress(cidr("10.0.0.0/16"), "nonsense"));
});

test("a host route is a single address", (t) => {
  t.true(isHostRoute(cidr("192.168.10.1/32")));
  t.true(isHostRoute(cidr("2001:db8::1/128")));
  t.false(isHostRoute(cidr("192.168.10.0/31")));
  t.false(isHostRoute(cidr("2001:db8::/32")));
});

test("AWS keeps five addresses of a subnet", (t) => {
  const subnet = cidr("10.0.0.0/28");
  const usable = [...Array(16).keys()].filter((n) => isUsableInSubnet(subnet, nthAddress(subnet, n)));
  t.deepEqual(usable, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  t.false(isUsableInSubnet(subnet, "10.0.0.20"));
});

test("the nth block within a block", (t) => {
  t.is(nthSubnet(cidr("10.0.0.0/16"), 4, 5).text, "10.0.80.0/20");
  t.is(nthSubnet(cidr("10.0.0.0/16"), 4, 5).last, nthSubnet(cidr("10.0.0.0/16"), 4, 6).first - 1n);
  t.is(nthSubnet(cidr("2001:db8::/56"), 8, 255).text, "2001:db8:0:ff::/64");
});
