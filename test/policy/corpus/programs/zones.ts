/** Hosted zones, public and private. */
import { types } from "../../../../policy/lib/types";
import { type Given, given, of } from "../../_judge";
import { type Case, type Cases, fine, wrong } from "../_case";
import { vpc } from "../_network";

const zone = (name: string, more: object = {}): Given =>
  given(types.zone, name, { name, ...more }, { protect: true });
const inside = { vpcs: [{ vpcId: of(vpc) }] };
const isPublic = (name: string, why: string): Case =>
  wrong([`private-zone-private: Zone ${name} is a public zone, and ${why}`], zone(name));
const reverse = "is the reverse zone of internal addresses";
const record = (holder: Given, name: string, address: string): Given =>
  given(types.record, name, { zoneId: of(holder, "zoneId"), name, type: "A", ttl: 300, records: [address] });

const example = zone("example.com");
const blocks = [
  "10.in-addr.arpa",
  "20.10.in-addr.arpa.",
  "16.172.in-addr.arpa",
  "5.31.172.in-addr.arpa",
  "168.192.in-addr.arpa",
  "64.100.in-addr.arpa",
  "d.f.ip6.arpa",
];
const others = [
  "15.172.in-addr.arpa",
  "32.172.in-addr.arpa",
  "169.192.in-addr.arpa",
  "113.0.203.in-addr.arpa",
  "63.100.in-addr.arpa",
  "8.b.d.0.1.0.0.2.ip6.arpa",
];

export const zones: Cases = {
  "a split horizon": fine(
    vpc,
    example,
    record(example, "www", "198.51.100.7"),
    given(types.zone, "inside", { name: "example.com", ...inside }, { protect: true }),
  ),
  "a reverse zone in the VPC": fine(vpc, zone("20.10.in-addr.arpa", inside)),
  ...Object.fromEntries(
    blocks.map((name) => [`a public reverse zone: ${name}`, isPublic(name, `${name} ${reverse}`)]),
  ),
  ...Object.fromEntries(
    others.map((name) => [`a reverse zone of public addresses: ${name}`, fine(zone(name))]),
  ),
  "an internal address in a public zone": wrong(
    [
      "private-zone-private: Zone example.com is a public zone, and the record db in it has the internal address 10.20.1.5",
    ],
    example,
    record(example, "db", "10.20.1.5"),
  ),
  "all records of a public zone, an internal one among them": wrong(
    [
      "private-zone-private: Zone example.com is a public zone, and the record all in it has the internal address 10.20.1.5",
      "failover-name-ttl: RecordsExclusive all has a TTL of 3600 s",
    ],
    example,
    given(types.recordsExclusive, "all", {
      zoneId: of(example, "zoneId"),
      resourceRecordSets: [
        { name: "db", type: "A", ttl: 3600, resourceRecords: [{ value: "10.20.1.5" }] },
        {
          name: "www",
          type: "A",
          ttl: 3600,
          failover: "PRIMARY",
          resourceRecords: [{ value: "198.51.100.7" }],
        },
      ],
    }),
  ),
  "an internal name in a public namespace": wrong(
    [
      "private-zone-private: PublicDnsNamespace services is a public zone, and services.corp is an internal name",
    ],
    given(types.publicNamespace, "services", { name: "services.corp" }),
  ),
  "a private namespace in a VPC that cannot resolve it": wrong(
    ["vpc-dns-on: Vpc half has enableDnsHostnames off"],
    ...((half: Given) => [
      half,
      given(types.privateNamespace, "services", { name: "services.corp", vpc: of(half) }),
    ])(given(types.vpc, "half", { cidrBlock: "10.20.0.0/16" })),
  ),
};
