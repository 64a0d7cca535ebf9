import test from "ava";
import { gzipSync } from "node:zlib";
import { planForwarderUserData } from "../../components/dns/forwarder-user-data.plan";
import { planNamedConf } from "../../components/dns/named-conf.plan";
import { types } from "../../policy/lib/types";
import { dnsUdpAndTcp } from "../../policy/rules/dns/dns-udp-and-tcp";
import { forwardersTwoZones } from "../../policy/rules/dns/forwarders-two-zones";
import { namedConfClosed } from "../../policy/rules/dns/named-conf-closed";
import { noWorldOpenPorts } from "../../policy/rules/dns/no-world-open-ports";
import { privateZonePrivate } from "../../policy/rules/dns/private-zone-private";
import { vpcDnsOn } from "../../policy/rules/dns/vpc-dns-on";
import { accepted, type Given, given, later, of, refused } from "./_judge";
import { group, node, open, serviceName, subnetA, subnetB, vpc } from "./_parts";

const zone = (name: string, props: object = {}): Given => given(types.zone, "zone", { name, ...props });
const inVpc = { vpcs: [{ vpcId: of(vpc), vpcRegion: "us-east-1" }] };

function namedConf(): string {
  const plan = planNamedConf({
    clients: ["10.0.0.0/16"],
    resolver: "10.0.0.2",
    privateZone: "awslab.mycompany.corp",
    region: "us-east-1",
    vpcCidr: "10.0.0.0/16",
  });
  if (!plan.ok) throw new Error("no named.conf");
  return plan.value;
}

function userData(conf = namedConf()): string {
  const plan = planForwarderUserData(conf);
  if (!plan.ok) throw new Error("no user data");
  return plan.value;
}

test("private-zone-private: internal names, service names and internal addresses", async (t) => {
  await accepted(t, privateZonePrivate, [vpc, zone("awslab.mycompany.corp", inVpc)]);
  await refused(
    t,
    privateZonePrivate,
    [zone("awslab.mycompany.corp")],
    /Zone zone is a public zone, and .*internal name/,
  );
  await accepted(t, privateZonePrivate, [zone("example.com")]);
  const example = zone("example.com");
  await refused(t, privateZonePrivate, [example, serviceName(example, [])], /service name dns/);
  const record = (address: string) =>
    given(types.record, "db", { zoneId: of(example, "zoneId"), records: [address] });
  await refused(t, privateZonePrivate, [example, record("10.0.0.5")], /record db .*10\.0\.0\.5/);
  await accepted(t, privateZonePrivate, [example, record("192.0.2.5"), record(later)]);
});

test("private-zone-private: an association that is a resource of its own comes too late", async (t) => {
  const example = zone("example.com");
  const association = given(types.zoneAssociation, "more", { zoneId: of(example, "zoneId"), vpcId: of(vpc) });
  await refused(t, privateZonePrivate, [vpc, example, association], /a VPC is to be associated/);
  const first = zone("example.com", inVpc);
  const more = given(types.zoneAssociation, "more", { zoneId: of(first, "zoneId"), vpcId: "vpc-other" });
  await accepted(t, privateZonePrivate, [vpc, first, more]);
});

test("vpc-dns-on: where a zone names the VPC, or an association does", async (t) => {
  const half = given(types.vpc, "half", { cidrBlock: "10.0.0.0/16" });
  const asked = (target: Given) => zone("a.corp", { vpcs: [{ vpcId: of(target) }] });
  await accepted(t, vpcDnsOn, [vpc, asked(vpc)]);
  await refused(t, vpcDnsOn, [half, asked(half)], /Vpc half has enableDnsHostnames off/);
  await accepted(t, vpcDnsOn, [half]);
  const association = given(types.zoneAssociation, "more", { zoneId: "Z1", vpcId: of(half) });
  await refused(t, vpcDnsOn, [half, association], /Vpc half/);
  const other = given("pulumi:pulumi:StackReference", "other");
  const dark = given(types.vpc, "dark", { enableDnsSupport: false, enableDnsHostnames: of(other) });
  await refused(t, vpcDnsOn, [other, dark, asked(dark)], /has enableDnsSupport off/, { when: ["preview"] });
});

test("forwarders-two-zones: instances with named.conf, and our component's", async (t) => {
  const [a, b] = [
    node("a", { userData: userData() }),
    node("b", { userData: userData(), subnetId: of(subnetB) }),
  ];
  await accepted(t, forwardersTwoZones, [subnetA, subnetB, a, b]);
  await refused(t, forwardersTwoZones, [subnetA, a], /Instance a is the only forwarder/);
  const near = node("near", { userData: userData() });
  await refused(t, forwardersTwoZones, [subnetA, a, near], /all other forwarders are in us-east-1a/);
  const parent = given("failover-lab:dns:BindForwarders", "forwarders");
  const child = given(types.instance, "forwarder1", { userData: later }, { parent });
  await refused(t, forwardersTwoZones, [parent, child], /forwarder1 is the only forwarder/);
  await accepted(t, forwardersTwoZones, [node("web")]);
});

test("forwarders-two-zones: resolver endpoints", async (t) => {
  const endpoint = (...subnets: Given[]) =>
    given(types.resolverEndpoint, "in", { ipAddresses: subnets.map((subnet) => ({ subnetId: of(subnet) })) });
  await accepted(t, forwardersTwoZones, [subnetA, subnetB, endpoint(subnetA, subnetB)]);
  await refused(
    t,
    forwardersTwoZones,
    [subnetA, endpoint(subnetA)],
    /ResolverEndpoint in has one address only/,
  );
  await refused(
    t,
    forwardersTwoZones,
    [subnetA, endpoint(subnetA, subnetA)],
    /all of its addresses in us-east-1a/,
  );
});

test("no-world-open-ports: inline rules, in every family and disguise", async (t) => {
  await accepted(t, noWorldOpenPorts, [
    group("g", [open(22), open(53, "10.0.0.0/8", "udp"), open(443, "0.0.0.0/0")]),
  ]);
  await refused(
    t,
    noWorldOpenPorts,
    [group("g", [open(22, "0.0.0.0/0")])],
    /SecurityGroup g opens port 22 to 0\.0\.0\.0\/0 \(ingress\[0\]\)/,
  );
  await refused(t, noWorldOpenPorts, [group("g", [open(53, "0.0.0.0/0", "udp")])], /port 53/);
  const six = { protocol: "6", fromPort: 0, toPort: 65535, ipv6CidrBlocks: ["::/0"] };
  await refused(t, noWorldOpenPorts, [group("g", [six])], /port 22 and 53 to ::\/0/);
  await refused(
    t,
    noWorldOpenPorts,
    [group("g", [{ ...open(0, "128.0.0.0/1"), protocol: "-1" }])],
    /128\.0\.0\.0\/1/,
  );
  await accepted(t, noWorldOpenPorts, [group("g", [{ ...open(22), cidrBlocks: later }])]);
  // What is unknown hides nothing beside it.
  await refused(
    t,
    noWorldOpenPorts,
    [group("g", [{ ...open(22), cidrBlocks: ["0.0.0.0/0", later] }])],
    /0\.0\.0\.0\/0/,
  );
  await refused(t, noWorldOpenPorts, [group("g", [open(3389, "0.0.0.0/0")])], /3389/, {
    config: { ports: [3389] },
  });
});

test("no-world-open-ports: rules that are resources", async (t) => {
  const old = given(types.groupRule, "old", { type: "ingress", ...open(22, "0.0.0.0/0") });
  await refused(t, noWorldOpenPorts, [old], /SecurityGroupRule old/);
  await accepted(t, noWorldOpenPorts, [given(types.groupRule, "out", { ...old.props, type: "egress" })]);
  const current = given(types.ingressRule, "current", { ipProtocol: "-1", cidrIpv6: "::/0" });
  await refused(t, noWorldOpenPorts, [current], /SecurityGroupIngressRule current/);
  await refused(
    t,
    noWorldOpenPorts,
    [given(types.defaultSecurityGroup, "default", group("", [open(22, "0.0.0.0/0")]).props)],
    /DefaultSecurityGroup/,
  );
});

test("named-conf-closed: the lab's own file is, and each change that opens it is not", async (t) => {
  const forwarder = (conf: string) => [node("forwarder1", { userData: userData(conf) })];
  await accepted(t, namedConfClosed, forwarder(namedConf()));
  // What the other two lists do not say, they take from this one.
  const conf = namedConf().replace(/^ *allow-(recursion|query-cache).*\n/gm, "");
  await accepted(t, namedConfClosed, forwarder(conf));
  const changes: [string, string, RegExp][] = [
    [
      "    forward only;\n\n    // The VPC's",
      "    forward first;\n\n    // The VPC's",
      /forward first in its options/,
    ],
    ["allow-query { goodclients; };", "allow-query { any; };", /any in allow-query/],
    ["    10.0.0.0/16;\n", "    0.0.0.0/0;\n", /0\.0\.0\.0\/0 \(acl goodclients\)/],
    ["    allow-query { goodclients; };\n", "", /no allow-query/],
  ];
  for (const [from, to, message] of changes) {
    const changed = conf.replace(from, to);
    t.not(changed, conf);
    await refused(t, namedConfClosed, forwarder(changed), message);
  }
  await accepted(t, namedConfClosed, [node("later", { userData: later })]);
});

test("named-conf-closed: compressed, base64 and shell user data, launch templates, and commands", async (t) => {
  const bad = namedConf().replaceAll("allow-query { goodclients; };", "allow-query { any; };");
  const packed = gzipSync(bad).toString("base64");
  const cloud = `#cloud-config\nwrite_files:\n  - path: /etc/named.conf\n    encoding: gz+b64\n    content: ${packed}\n`;
  await refused(t, namedConfClosed, [node("packed", { userData: cloud })], /any in allow-query/);
  const shell = `#!/bin/sh\ncat > /etc/named.conf <<'EOF'\n${bad}\nEOF\nsystemctl start named\n`;
  await refused(
    t,
    namedConfClosed,
    [node("shell", { userDataBase64: Buffer.from(shell).toString("base64") })],
    /\/etc\/named\.conf/,
  );
  const template = given(types.launchTemplate, "lt", { userData: Buffer.from(shell).toString("base64") });
  await refused(t, namedConfClosed, [template], /LaunchTemplate lt/);
  const later = given("command:remote:Command", "roll-out", { create: "install", stdin: bad });
  await refused(t, namedConfClosed, [later], /Command roll-out brings a named\.conf by its stdin/);
  await accepted(t, namedConfClosed, [
    given(later.type, "roll-out", { create: "install", stdin: namedConf() }),
  ]);
});

test("dns-udp-and-tcp: inline and separate rules together", async (t) => {
  const [udp, tcp] = [open(53, "10.0.0.0/8", "udp"), open(53, "10.0.0.0/8", "tcp")];
  await accepted(t, dnsUdpAndTcp, [group("both", [udp, tcp]), group("none", [open(8080)])]);
  const half = group("half", [udp]);
  await refused(t, dnsUdpAndTcp, [half], /SecurityGroup half opens port 53 for udp only/);
  const separate = given(types.ingressRule, "tcp", {
    securityGroupId: of(half),
    ipProtocol: "tcp",
    fromPort: 53,
    toPort: 53,
    cidrIpv4: "10.0.0.0/8",
  });
  await accepted(t, dnsUdpAndTcp, [half, separate]);
  const shut = group("shut", [open(22)]);
  const forwarder = node("forwarder1", { userData: userData(), vpcSecurityGroupIds: [of(shut)] });
  await refused(
    t,
    dnsUdpAndTcp,
    [shut, forwarder],
    /forwarder1 is a forwarder whose security groups let nobody ask/,
  );
});
