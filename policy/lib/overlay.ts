import { type Cidr, isHostRoute, parseCidr } from "../../components/network/cidr.plan";
import { isAppliance } from "./appliances";
import { routeTargetsOf, tableTypes } from "./routes";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asList, asText, at, type Props, UNKNOWN } from "./values";

/** A route to an instance or interface that stands in for an address: our own resource, or somebody's plain route. */
export interface OverlayRoute {
  readonly resource: Member;
  readonly destination: string;
  readonly vpcs: readonly Member[];
  /** Tables that have the route. */
  readonly tables: readonly Member[];
  /** An `OverlayIp`, for which one address is the only thing that makes sense. */
  readonly declared: boolean;
  /** Position among a table's inline routes, if it is one. */
  readonly inlineAt?: number;
}

/**
 * Every overlay route of a stack. A plain route counts when it leads one single address to a network interface: that
 * is how overlay IPs are made by hand. What leads to a gateway of other networks is no overlay IP: the address is that
 * of a machine behind it.
 */
export function overlayRoutes(stack: Stack): readonly OverlayRoute[] {
  return [...declared(stack), ...separate(stack), ...inline(stack)];
}

function declared(stack: Stack): OverlayRoute[] {
  return stack.ofType(types.overlayIp).flatMap((resource) => {
    const destination = asText(resource.props.destination);
    if (destination === undefined) return [];
    const vpcs = stack.linked(resource, "vpcId", [types.vpc]).members;
    const tables = stack.linked(resource, "routeTableIds", tableTypes).members;
    return { resource, destination, vpcs, tables, declared: true };
  });
}

function separate(stack: Stack): OverlayRoute[] {
  return stack.ofType(types.route).flatMap((resource) => {
    const destination = hostDestination(resource.props);
    if (destination === undefined || isBehindAppliance(stack, destination, routeTargetsOf(stack, resource)))
      return [];
    const tables = stack.linked(resource, "routeTableId", tableTypes).members;
    return { resource, destination, vpcs: vpcsOf(stack, tables), tables, declared: false };
  });
}

function inline(stack: Stack): OverlayRoute[] {
  return stack.ofType(...tableTypes).flatMap((table) =>
    asList(table.props.routes).flatMap((route, inlineAt) => {
      const destination = hostDestination(route as Props);
      if (destination === undefined) return [];
      if (isBehindAppliance(stack, destination, routeTargetsOf(stack, table, inlineAt))) return [];
      return {
        resource: table,
        destination,
        vpcs: vpcsOf(stack, [table]),
        tables: [table],
        declared: false,
        inlineAt,
      };
    }),
  );
}

function isBehindAppliance(stack: Stack, destination: string, targets: readonly Member[]): boolean {
  return targets.some((target) => isAppliance(stack, target, destination));
}

/** The destination, if the route leads one address to an interface. */
function hostDestination(route: Props): string | undefined {
  const toInterface = ["networkInterfaceId", "instanceId"].some((key) => {
    const target = at(route, key);
    return target === UNKNOWN || (typeof target === "string" && target !== "");
  });
  const keys = ["destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"];
  const text = keys.map((key) => asText(at(route, key))).find((value) => value !== undefined && value !== "");
  const cidr = text === undefined ? undefined : parseCidr(text);
  return toInterface && cidr?.ok === true && isHostRoute(cidr.value) ? cidr.value.text : undefined;
}

export function vpcsOf(stack: Stack, tables: readonly Member[]): readonly Member[] {
  const vpcs = tables.flatMap((table) => [
    ...stack.linked(table, "vpcId", [types.vpc]).members,
    // A VPC's own table is adopted through the VPC's property.
    ...stack.linked(table, "defaultRouteTableId", [types.vpc]).members,
  ]);
  return [...new Set(vpcs)];
}

/** All known blocks of a VPC: its first one, and those that were associated later. */
export function vpcBlocks(stack: Stack, vpc: Member): readonly Cidr[] {
  const more = stack.linkedTo(vpc, [types.vpcBlock, types.vpcBlock6], "vpcId");
  const given = [vpc, ...more].flatMap(({ props }) => [props.cidrBlock, props.ipv6CidrBlock]);
  return given.flatMap((text) => {
    const cidr = typeof text === "string" ? parseCidr(text) : undefined;
    return cidr?.ok === true ? [cidr.value] : [];
  });
}

/** Route tables of a VPC that the stack declares, and that subnets can use. */
export function tablesOf(stack: Stack, vpc: Member): readonly Member[] {
  return [
    ...stack.linkedTo(vpc, [types.routeTable], "vpcId"),
    ...stack.linkedTo(vpc, [types.defaultRouteTable], "defaultRouteTableId"),
  ].filter((table) => !isGatewayTable(stack, table) && !isUnusedDefault(stack, vpc, table));
}

/** A subnet that no association gives a table of its own, so that it uses the VPC's main one. */
export function subnetOnMainTable(stack: Stack, vpc: Member): Member | undefined {
  return stack
    .linkedTo(vpc, [types.subnet], "vpcId")
    .find((subnet) => stack.linkedTo(subnet, [types.tableAssociation], "subnetId").length === 0);
}

/** Programs adopt the default table only to empty it: it matters where a subnet uses it. */
function isUnusedDefault(stack: Stack, vpc: Member, table: Member): boolean {
  if (table.type !== types.defaultRouteTable) return false;
  const subnets = stack.linkedTo(vpc, [types.subnet], "vpcId").length;
  const associated = stack.linkedTo(table, [types.tableAssociation], "routeTableId").length;
  return subnets > 0 && associated === 0 && subnetOnMainTable(stack, vpc) === undefined;
}

/** A table of a gateway routes what comes in; AWS refuses routes in it that leave the VPC's own blocks. */
function isGatewayTable(stack: Stack, table: Member): boolean {
  return stack
    .linkedTo(table, [types.tableAssociation], "routeTableId")
    .some(({ props }) => props.gatewayId !== undefined && props.gatewayId !== "");
}
