import test from "ava";
import { types } from "../../policy/lib/types";
import { candidatesAdmitService } from "../../policy/rules/failover/candidates-admit-service";
import { eniPairOneZone } from "../../policy/rules/failover/eni-pair-one-zone";
import { failoverNameTtl } from "../../policy/rules/failover/failover-name-ttl";
import { overlayOutsideVpc } from "../../policy/rules/failover/overlay-outside-vpc";
import { overlayPairTwoZones } from "../../policy/rules/failover/overlay-pair-two-zones";
import { overlayRouteInEveryTable } from "../../policy/rules/failover/overlay-route-in-every-table";
import { sourceDestCheckOff } from "../../policy/rules/failover/source-dest-check-off";
import { sourceDestCheckOnElsewhere } from "../../policy/rules/failover/source-dest-check-on-elsewhere";
import { twoCandidates } from "../../policy/rules/failover/two-candidates";
import { accepted, type Given, given, later, of, refused } from "./_judge";
import * as parts from "./_parts";

const { vpc, tableA, tableB, subnetA, subnetB, associated, node, overlay, group, open } = parts;
const [node1, node2] = [node("node1"), node("node2", { subnetId: of(subnetB) })];
const off = (name: string): Given => node(name, { sourceDestCheck: false });
const route = (table: Given, target: Given, destinationCidrBlock = "192.168.10.1/32"): Given =>
  given(types.route, `route-${table.name}`, {
    routeTableId: of(table),
    destinationCidrBlock,
    networkInterfaceId: of(target, "primaryNetworkInterfaceId"),
  });

test("overlay-outside-vpc: one address outside all of the VPC's blocks", async (t) => {
  await accepted(t, overlayOutsideVpc, [vpc, node1, overlay([node1])]);
  await refused(
    t,
    overlayOutsideVpc,
    [vpc, overlay([], { destination: "10.0.9.9/32" })],
    /OverlayIp overlay .*10\.0\.9\.9.*10\.0\.0\.0\/16/,
  );
  await refused(
    t,
    overlayOutsideVpc,
    [vpc, overlay([], { destination: "192.168.10.0/24" })],
    /not one address/,
  );
  const block = given(types.vpcBlock, "second", { vpcId: of(vpc), cidrBlock: "192.168.0.0/16" });
  await refused(t, overlayOutsideVpc, [vpc, block, overlay([])], /192\.168\.0\.0\/16/);
  await accepted(t, overlayOutsideVpc, [vpc, overlay([], { destination: later })]);
});

test("overlay-outside-vpc: routes that are resources, and inline ones", async (t) => {
  await accepted(t, overlayOutsideVpc, [vpc, tableA, node1, route(tableA, node1)]);
  await refused(
    t,
    overlayOutsideVpc,
    [vpc, tableA, node1, route(tableA, node1, "10.0.9.9/32")],
    /Route route-table-a/,
  );
  const inline = given(types.routeTable, "inline", {
    vpcId: of(vpc),
    routes: [{ cidrBlock: "10.0.9.9/32", networkInterfaceId: of(node1, "primaryNetworkInterfaceId") }],
  });
  await refused(t, overlayOutsideVpc, [vpc, node1, inline], /RouteTable inline/);
  const gateway = given(types.route, "gateway", {
    routeTableId: of(tableA),
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: "igw-1",
  });
  await accepted(t, overlayOutsideVpc, [vpc, tableA, gateway]);
});

test("overlay-route-in-every-table: no table of the VPC is forgotten", async (t) => {
  const all = [vpc, tableA, tableB, subnetA, subnetB, node1, ...associated];
  await accepted(t, overlayRouteInEveryTable, [...all, overlay([node1], {}, [of(tableA), of(tableB)])]);
  await refused(
    t,
    overlayRouteInEveryTable,
    [...all, overlay([node1], {}, [of(tableA)])],
    /no route to 192\.168\.10\.1\/32 in RouteTable table-b/,
  );
  await accepted(t, overlayRouteInEveryTable, [...all, route(tableA, node1), route(tableB, node1)]);
  await refused(t, overlayRouteInEveryTable, [...all, route(tableA, node1)], /table-b/);
  const elsewhere = given(types.vpc, "other", { cidrBlock: "10.9.0.0/16" });
  const foreign = given(types.routeTable, "foreign", { vpcId: of(elsewhere) });
  await accepted(t, overlayRouteInEveryTable, [
    ...all,
    elsewhere,
    foreign,
    overlay([node1], {}, [of(tableA), of(tableB)]),
  ]);
});

test("overlay-route-in-every-table: the main table counts where a subnet uses it", async (t) => {
  const [first] = associated;
  const some = [vpc, tableA, subnetA, subnetB, node1, first as Given];
  await refused(
    t,
    overlayRouteInEveryTable,
    [...some, overlay([node1], {}, [of(tableA)])],
    /main route table of Vpc vpc, which Subnet subnet-b uses/,
  );
  const places = [of(tableA), of(vpc, "mainRouteTableId")];
  await accepted(t, overlayRouteInEveryTable, [...some, overlay([node1], {}, places)]);
});

test("source-dest-check-off: on candidates, and on targets of overlay routes", async (t) => {
  const [good, bad] = [off("good"), node("bad")];
  await accepted(t, sourceDestCheckOff, [vpc, good, overlay([good])]);
  await refused(
    t,
    sourceDestCheckOff,
    [vpc, good, bad, overlay([good, bad])],
    /Instance bad has source\/dest check on/,
  );
  await refused(t, sourceDestCheckOff, [vpc, tableA, bad, route(tableA, bad)], /Instance bad/);
  await accepted(t, sourceDestCheckOff, [vpc, tableA, node1, route(tableA, node1, "0.0.0.0/0")]);
  const other = given("pulumi:pulumi:StackReference", "other");
  const unknown = node("unknown", { sourceDestCheck: of(other) });
  await accepted(t, sourceDestCheckOff, [vpc, other, unknown, overlay([unknown])], { when: ["preview"] });
});

test("source-dest-check-off: an interface of its own says it for its instance", async (t) => {
  const primary = (name: string, check: boolean) =>
    given(types.networkInterface, name, { subnetId: of(subnetA), sourceDestCheck: check });
  const launched = (eni: Given): readonly Given[] => {
    const member = given(types.instance, "node", {
      primaryNetworkInterface: { networkInterfaceId: of(eni) },
    });
    return [vpc, eni, member, overlay([member])];
  };
  await refused(t, sourceDestCheckOff, launched(primary("on", true)), /Instance node/);
  await accepted(t, sourceDestCheckOff, launched(primary("off", false)));
});

test("source-dest-check-on-elsewhere: off only where a route needs it", async (t) => {
  const [a, b] = [off("a"), off("b")];
  await accepted(t, sourceDestCheckOnElsewhere, [vpc, a, b, overlay([a, b]), node1]);
  await refused(
    t,
    sourceDestCheckOnElsewhere,
    [vpc, a, b, overlay([a])],
    /Instance b has source\/dest check off/,
  );
  await accepted(t, sourceDestCheckOnElsewhere, [vpc, tableA, a, route(tableA, a, "0.0.0.0/0")]);
  const eni = given(types.networkInterface, "eni", { sourceDestCheck: false });
  await refused(t, sourceDestCheckOnElsewhere, [eni], /NetworkInterface eni/);
  const nat = given(types.routeTable, "nat", {
    vpcId: of(vpc),
    routes: [{ cidrBlock: "0.0.0.0/0", networkInterfaceId: of(a, "primaryNetworkInterfaceId") }],
  });
  await accepted(t, sourceDestCheckOnElsewhere, [vpc, a, nat]);
});

test("overlay-pair-two-zones", async (t) => {
  const all = [vpc, subnetA, subnetB, node1, node2];
  await accepted(t, overlayPairTwoZones, [...all, overlay([node1, node2])]);
  const near = node("near");
  await refused(
    t,
    overlayPairTwoZones,
    [...all, near, overlay([node1, near])],
    /all of its 2 nodes in us-east-1a/,
  );
  const somewhere = node("somewhere", { subnetId: "subnet-0abc" });
  await accepted(t, overlayPairTwoZones, [...all, somewhere, overlay([node1, somewhere])]);
});

test("eni-pair-one-zone: the nodes, and the interface that is a resource of its own", async (t) => {
  const eni = given(types.networkInterface, "floating", { subnetId: of(subnetA) });
  const [nodeA, nodeB] = [node("node-a"), node("node-b")];
  const all = [vpc, subnetA, subnetB, eni, nodeA, nodeB, node2];
  await accepted(t, eniPairOneZone, [...all, parts.floating(eni, [nodeA, nodeB])]);
  await refused(
    t,
    eniPairOneZone,
    [...all, parts.floating(eni, [nodeA, node2])],
    /us-east-1a and us-east-1b/,
  );
  const away = given(types.networkInterface, "away", { subnetId: of(subnetB) });
  await refused(t, eniPairOneZone, [...all, away, parts.floating(away, [nodeA, nodeB])], /FloatingEni eni/);
});

test("two-candidates", async (t) => {
  await accepted(t, twoCandidates, [node1, node2, overlay([node1, node2])]);
  await refused(t, twoCandidates, [node1, overlay([node1])], /OverlayIp overlay has one candidate only/);
  const unknown = given(types.overlayIp, "overlay", { destination: later });
  await accepted(t, twoCandidates, [unknown]);
});

test("failover-name-ttl: service names, and records that Route 53 fails over", async (t) => {
  const zone = given(types.zone, "zone", { name: "awslab.mycompany.corp" });
  await accepted(t, failoverNameTtl, [parts.serviceName(zone, [node1])]);
  await refused(
    t,
    failoverNameTtl,
    [parts.serviceName(zone, [node1], 3600)],
    /ServiceName dns has a TTL of 3600 s.*60 s/,
  );
  await refused(t, failoverNameTtl, [parts.serviceName(zone, [node1], 10)], /5 s or less/, {
    config: { maxSeconds: 5 },
  });
  const record = (props: object) => given(types.record, "www", { type: "A", ttl: 3600, ...props });
  await accepted(t, failoverNameTtl, [record({})]);
  await refused(
    t,
    failoverNameTtl,
    [record({ failoverRoutingPolicies: [{ type: "PRIMARY" }] })],
    /Record www/,
  );
  await refused(t, failoverNameTtl, [record({ healthCheckId: later })], /Record www/);
  await accepted(t, failoverNameTtl, [record({ ttl: later, healthCheckId: "hc" })]);
});

test("candidates-admit-service: inline rules", async (t) => {
  const [service, ssh] = [group("service", [open(8080)]), group("ssh", [open(22)])];
  const member = (wall: Given) => node(`behind-${wall.name}`, { vpcSecurityGroupIds: [of(wall)] });
  const [good, bad] = [member(service), member(ssh)];
  await accepted(t, candidatesAdmitService, [vpc, service, good, overlay([good])]);
  await refused(
    t,
    candidatesAdmitService,
    [vpc, service, ssh, good, bad, overlay([good, bad])],
    /Instance behind-ssh .*no port but SSH's/,
  );
  await refused(t, candidatesAdmitService, [vpc, service, good, overlay([good])], /not port 9090/, {
    config: { ports: [8080, 9090] },
  });
  await accepted(t, candidatesAdmitService, [vpc, service, good, overlay([good])], {
    config: { ports: [8080] },
  });
  const foreign = node("foreign", { vpcSecurityGroupIds: ["sg-0abc"] });
  await accepted(t, candidatesAdmitService, [vpc, foreign, overlay([foreign])]);
});

test("candidates-admit-service: rules that are resources, and the interface's own group", async (t) => {
  const empty = group("empty");
  const member = node("member", { vpcSecurityGroupIds: [of(empty)] });
  const all = [vpc, empty, member, overlay([member])];
  await refused(t, candidatesAdmitService, all, /Instance member/);
  const old = given(types.groupRule, "old", { type: "ingress", securityGroupId: of(empty), ...open(8080) });
  await accepted(t, candidatesAdmitService, [...all, old]);
  const current = given(types.ingressRule, "current", {
    securityGroupId: of(empty),
    ipProtocol: "tcp",
    fromPort: 8080,
    toPort: 8080,
    cidrIpv4: "10.0.0.0/16",
  });
  await accepted(t, candidatesAdmitService, [...all, current]);
  const out = given(types.groupRule, "out", { type: "egress", securityGroupId: of(empty), ...open(8080) });
  await refused(t, candidatesAdmitService, [...all, out], /Instance member/);
  const eni = given(types.networkInterface, "floating", { securityGroups: [of(empty)] });
  await refused(
    t,
    candidatesAdmitService,
    [vpc, empty, eni, member, parts.floating(eni, [member])],
    /NetworkInterface floating/,
  );
});
