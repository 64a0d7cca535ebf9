/** NAT, firewalls, VPNs and databases: pairs of which one has the route, and one stands by. */
import { types } from "../../../../policy/lib/types";
import { type Given, given, of, textOf } from "../../_judge";
import { atUpdate, type Cases, fine, wrong } from "../_case";
import * as net from "../_network";

const { network, vpc, tableA, tableB, subnetA, subnetB, machine, route } = net;
const off = { sourceDestCheck: false };

const nat = serviceless("nat");
const natScript =
  "#!/bin/bash\nsysctl -w net.ipv4.ip_forward=1\niptables -t nat -A POSTROUTING -o ens5 -j MASQUERADE\n";
const natA = machine("nat-a", { ...off, userData: natScript, vpcSecurityGroupIds: [of(nat)] });
const natB = machine("nat-b", {
  ...off,
  userData: natScript,
  subnetId: of(subnetB),
  vpcSecurityGroupIds: [of(nat)],
});

function serviceless(name: string): Given {
  return given(types.securityGroup, name, {
    vpcId: of(vpc),
    ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.20.0.0/16"] }],
  });
}

/** Machines of a pair that say nothing of what they are for, but for what they have in common. */
const pairGroup = serviceless("edge");
const left = machine("edge-left", { ...off, vpcSecurityGroupIds: [of(pairGroup)] });
const right = machine("edge-right", { ...off, subnetId: of(subnetB), vpcSecurityGroupIds: [of(pairGroup)] });

const gateway = given("aws:ec2/internetGateway:InternetGateway", "main", { vpcId: of(vpc) });
const edgeTable = given(types.routeTable, "edge", {
  vpcId: of(vpc),
  routes: [{ cidrBlock: "10.20.1.0/24", networkInterfaceId: of(left, "primaryNetworkInterfaceId") }],
});
const edge = given(types.tableAssociation, "edge", { gatewayId: of(gateway), routeTableId: of(edgeTable) });

const tables = [tableA, tableB].map(
  (table) => textOf`arn:aws:ec2:us-east-1:123456789012:route-table/${of(table)}`,
);
const movesRoute = textOf`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:ReplaceRoute"],"Resource":["${tables[0]}","${tables[1]}"]},{"Effect":"Allow","Action":"ec2:DescribeRouteTables","Resource":"*"}]}`;
const dbRole = net.roleWith("db", movesRoute);
const [dbProfile] = dbRole;
const dbGroup = net.serviceGroup("db", 5432);
const agent = "#cloud-config\npackages: [pacemaker, corosync, resource-agents]\n";
const database = (name: string, more: object = {}): Given =>
  machine(name, {
    ...off,
    userData: agent,
    iamInstanceProfile: of(dbProfile, "name"),
    vpcSecurityGroupIds: [of(dbGroup)],
    ...more,
  });
const [db1, db2] = [database("db1"), database("db2", { subnetId: of(subnetB) })];
const vip = "192.168.50.10/32";
const toDb = [route("db-vip-a", tableA, vip, db1), route("db-vip-b", tableB, vip, db1)];

const vpnGroup = serviceless("vpn");
const wireguard =
  "#!/bin/bash\ndnf install -y wireguard-tools\naws ssm get-parameter --with-decryption --name /vpn/key --query Parameter.Value --output text > /etc/wireguard/key\nsystemctl enable --now wg-quick@wg0\n";
const vpn = machine("branch", { ...off, userData: wireguard, vpcSecurityGroupIds: [of(vpnGroup)] });

const eni = (name: string, subnet: Given): Given =>
  given(types.networkInterface, name, { subnetId: of(subnet), ...off, securityGroups: [of(pairGroup)] });
const [insideA, insideB] = [eni("fw-a-inside", subnetA), eni("fw-b-inside", subnetB)];
const [fwA, fwB] = [
  machine("fw-a", { vpcSecurityGroupIds: [of(pairGroup)] }),
  machine("fw-b", { subnetId: of(subnetB), vpcSecurityGroupIds: [of(pairGroup)] }),
];
const attach = (name: string, instance: Given, inside: Given): Given =>
  given(types.interfaceAttachment, name, {
    instanceId: of(instance),
    networkInterfaceId: of(inside),
    deviceIndex: 1,
  });

const app = machine("app");
const inspection = given("aws:lb/targetGroup:TargetGroup", "inspection", { protocol: "GENEVE", port: 6081 });
const inspector = machine("sensor", off);
const inspected = given(types.targetAttachment, "sensor", {
  targetGroupArn: of(inspection, "arn"),
  targetId: of(inspector),
});

const primary = machine("primary", off);
const secondary = machine("secondary", { ...off, subnetId: of(subnetB) });
const toPrimary = [route("vip-a", tableA, vip, primary), route("vip-b", tableB, vip, primary)];
const emptied = given(types.defaultRouteTable, "default", {
  defaultRouteTableId: of(vpc, "defaultRouteTableId"),
  routes: [],
});
const component = given("acme:network:Pair", "edge");
const [inner, outer] = ["box", "cube"].map((name) =>
  given(types.instance, name, { ...net.hardened, ...off, subnetId: of(subnetA) }, { parent: component }),
);
const host = (target: Given): Given => route("host", tableA, "172.30.1.7/32", target);
const fortigate = machine("fortigate-1", off);
const router = machine("edge-1", { ...off, userData: "#!/bin/sh\nsysctl -w net.ipv4.ip_forward=1\n" });
const withAddress = machine("edge-1", {
  ...off,
  userData: "#!/bin/sh\nsysctl -w net.ipv4.ip_forward=1\nip address add 172.30.1.7/32 dev lo\n",
});

export const routing: Cases = {
  "a NAT instance in each zone": fine(
    network,
    nat,
    natA,
    natB,
    route("out-a", tableA, "0.0.0.0/0", natA),
    route("out-b", tableB, "0.0.0.0/0", natB),
  ),
  "a NAT pair, one of them a spare": fine(
    network,
    nat,
    natA,
    natB,
    route("out-a", tableA, "0.0.0.0/0", natA),
    route("out-b", tableB, "0.0.0.0/0", natA),
  ),
  "a pair that only its group shows to be one": fine(
    network,
    pairGroup,
    left,
    right,
    route("out-a", tableA, "0.0.0.0/0", left),
    route("out-b", tableB, "0.0.0.0/0", left),
  ),
  "inline routes to the active one of a pair": fine(
    network.filter((resource) => resource !== tableA && resource !== net.associationA),
    pairGroup,
    left,
    right,
    given(types.routeTable, "inline", {
      vpcId: of(vpc),
      routes: [{ cidrBlock: "0.0.0.0/0", networkInterfaceId: of(left, "primaryNetworkInterfaceId") }],
    }),
  ),
  "a machine that nothing leads to": wrong(
    ["source-dest-check-on-elsewhere: Instance web has source/dest check off"],
    network,
    machine("web", off),
  ),
  "a firewall pair with interfaces inside, and the gateway's own table": fine(
    network,
    gateway,
    edgeTable,
    edge,
    pairGroup,
    left,
    insideA,
    insideB,
    fwA,
    fwB,
    attach("a", fwA, insideA),
    attach("b", fwB, insideB),
    route("out-a", tableA, "0.0.0.0/0", insideA, "id"),
    route("out-b", tableB, "0.0.0.0/0", insideA, "id"),
  ),
  "a database pair with an agent": fine(network, dbRole, dbGroup, db1, db2, toDb),
  "a database pair beside a gateway's table, which cannot have the overlay route": fine(
    network,
    gateway,
    edgeTable,
    edge,
    pairGroup,
    left,
    dbRole,
    dbGroup,
    db1,
    db2,
    toDb,
  ),
  "a database pair whose second route table was forgotten": wrong(
    [`overlay-route-in-every-table: Route db-vip-a has no route to ${vip} in RouteTable private-b`],
    network,
    dbRole,
    dbGroup,
    db1,
    db2,
    toDb.slice(0, 1),
  ),
  "a database pair whose standby drops what comes to it": atUpdate(
    // What its role may do, is known when the tables are there.
    ["source-dest-check-off: Instance db2 has source/dest check on, although its role may move to it"],
    network,
    dbRole,
    dbGroup,
    db1,
    database("db2", { sourceDestCheck: true, subnetId: of(subnetB) }),
    toDb,
  ),
  "an overlay IP inside the VPC": wrong(
    [
      "overlay-outside-vpc: Route in-a routes 10.20.99.1/32",
      "overlay-outside-vpc: Route in-b routes 10.20.99.1/32",
    ],
    network,
    dbRole,
    dbGroup,
    db1,
    db2,
    route("in-a", tableA, "10.20.99.1/32", db1),
    route("in-b", tableB, "10.20.99.1/32", db1),
  ),
  "a host route to a machine behind a VPN": fine(
    network,
    vpnGroup,
    vpn,
    route("printer", tableA, "172.30.4.9/32", vpn),
  ),
  "a host route beside a route to the whole branch": fine(
    network,
    pairGroup,
    left,
    route("branch", tableA, "172.30.0.0/16", left),
    route("printer", tableA, "172.31.4.9/32", left),
  ),
  "an overlay IP made by hand, on a node with the check on, in one of two tables": wrong(
    [
      "overlay-route-in-every-table: Route vip has no route to 192.168.60.1/32 in RouteTable private-b",
      "source-dest-check-off: Instance app has source/dest check on",
    ],
    network,
    app,
    route("vip", tableA, "192.168.60.1/32", app),
  ),
  "an inspection fleet behind a gateway load balancer": fine(network, inspection, inspector, inspected),
  "a pair that is called primary and secondary": fine(network, primary, secondary, toPrimary),
  "a default route table that was emptied": fine(network, emptied, primary, secondary, toPrimary),
  "a pair of one component": fine(
    network,
    component,
    inner ?? [],
    outer ?? [],
    route("out-a", tableA, "0.0.0.0/0", inner ?? component),
  ),
  "a host route to what is behind a firewall of a vendor": fine(network, fortigate, host(fortigate)),
  "a host route to what is behind a router": fine(network, router, host(router)),
  "an address that the router has itself": wrong(
    ["overlay-route-in-every-table: Route host has no route to 172.30.1.7/32 in RouteTable private-b"],
    network,
    withAddress,
    host(withAddress),
  ),
  "a node of a cluster that routes the packets of its pods": fine(
    network,
    machine("worker-1", { ...off, tags: { "kubernetes.io/cluster/demo": "owned" } }),
  ),
  "a spot instance that nothing leads to": wrong(
    ["source-dest-check-on-elsewhere: SpotInstanceRequest batch has source/dest check off"],
    network,
    given(types.spotRequest, "batch", { ...net.hardened, ...off, subnetId: of(subnetA) }),
  ),
};
