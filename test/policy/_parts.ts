/** Pieces of stacks for the rules' tests. */
import { types } from "../../policy/lib/types";
import { type Given, given, of } from "./_judge";

export const vpc = given(types.vpc, "vpc", {
  cidrBlock: "10.0.0.0/16",
  enableDnsSupport: true,
  enableDnsHostnames: true,
});
export const tableA = given(types.routeTable, "table-a", { vpcId: of(vpc) });
export const tableB = given(types.routeTable, "table-b", { vpcId: of(vpc) });
export const subnetA = given(types.subnet, "subnet-a", { vpcId: of(vpc), availabilityZone: "us-east-1a" });
export const subnetB = given(types.subnet, "subnet-b", { vpcId: of(vpc), availabilityZone: "us-east-1b" });

export const associated: readonly Given[] = [
  given(types.tableAssociation, "a", { subnetId: of(subnetA), routeTableId: of(tableA) }),
  given(types.tableAssociation, "b", { subnetId: of(subnetB), routeTableId: of(tableB) }),
];

export function node(name: string, props: Given["props"] = {}): Given {
  return given(types.instance, name, { subnetId: of(subnetA), sourceDestCheck: true, ...props });
}

/** Each candidate is an input of its own. */
function candidates(nodes: readonly Given[], idsOf: (node: Given) => object): object {
  return Object.fromEntries(nodes.map((member) => [`node:${member.name}`, idsOf(member)]));
}

/** An overlay IP between nodes, with the route tables that the program knows. */
export function overlay(
  nodes: readonly Given[],
  props: object = {},
  routeTableIds: readonly unknown[] = [],
): Given {
  return given(types.overlayIp, "overlay", {
    destination: "192.168.10.1/32",
    vpcId: of(vpc),
    routeTableIds,
    ...candidates(nodes, (member) => ({
      instanceId: of(member),
      networkInterfaceId: of(member, "primaryNetworkInterfaceId"),
    })),
    ...props,
  });
}

export function floating(eni: Given, nodes: readonly Given[]): Given {
  const ids = candidates(nodes, (member) => ({ instanceId: of(member) }));
  return given(types.floatingEni, "eni", { networkInterfaceId: of(eni), ...ids });
}

export function serviceName(zone: Given, nodes: readonly Given[], ttl = 10): Given {
  return given(types.serviceName, "dns", {
    hostedZoneId: of(zone, "zoneId"),
    name: "s.awslab.mycompany.corp",
    ttl,
    ...candidates(nodes, (member) => ({ instanceId: of(member), address: "10.0.0.10" })),
  });
}

export function group(name: string, ingress: readonly object[] = []): Given {
  return given(types.securityGroup, name, { vpcId: of(vpc), ingress });
}

export function open(port: number, cidr = "10.0.0.0/16", protocol = "tcp"): object {
  return { protocol, fromPort: port, toPort: port, cidrBlocks: [cidr] };
}
