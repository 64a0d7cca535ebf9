/** Reading and writing the one route of an overlay IP, in all route tables of a VPC. */
import { type CreateRouteRequest, type Route, type RouteOrigin, type RouteTable } from "@aws-sdk/client-ec2";
import { parseHost, type Host } from "../../core/addresses";
import { type Context, type Ec2Calls } from "../../core/context";
import { codeOf, describe, kindOf } from "../../core/errors";
import { type Entries, type Entry, type WriteBounds } from "../../core/pointers";
import { type Deadline, persist } from "../../core/retry";

/** Where a route leads, in the terms of CreateRoute and ReplaceRoute. */
export interface Target {
  kind: TargetKind;
  id: string;
}

type TargetKind = (typeof TARGET_KINDS)[number];

// The order matters: a route to an interface also shows the instance the interface is attached to at the moment, and
// it's the interface that the route was given.
const TARGET_KINDS = [
  "NetworkInterfaceId",
  "InstanceId",
  "NatGatewayId",
  "TransitGatewayId",
  "VpcPeeringConnectionId",
  "EgressOnlyInternetGatewayId",
  "LocalGatewayId",
  "CarrierGatewayId",
  "CoreNetworkArn",
  "VpcEndpointId",
  "GatewayId",
] as const satisfies (keyof CreateRouteRequest)[];

export function sameTarget(one: Target | undefined, other: Target | undefined): boolean {
  return one?.kind === other?.kind && one?.id === other?.id;
}

/**
 * What every route table of the VPC says about the destination, the main one and those that others made included. Not
 * the tables of gateways (ingress routing): AWS refuses destinations outside the VPC's CIDR there.
 * Source: VPC user guide, "Gateway route tables".
 */
export async function readEntries(
  ec2: Ec2Calls,
  service: { vpcId: string; destination: Host },
  context: Context,
  deadline: Deadline,
): Promise<Entries<Target>> {
  const entries: Entries<Target> = new Map();
  let page: string | undefined;
  do {
    const input = {
      Filters: [{ Name: "vpc-id", Values: [service.vpcId] }],
      MaxResults: 100,
      NextToken: page,
    };
    const answer = await persist((options) => ec2.describeRouteTables(input, options), {
      deadline,
      perCall: context.limits.readCall,
    });
    for (const table of answer.RouteTables ?? []) {
      if (table.RouteTableId === undefined || isGatewayTable(table)) continue;
      entries.set(table.RouteTableId, entryOf(table, service.destination));
    }
    page = answer.NextToken;
  } while (page !== undefined && page !== "");
  return entries;
}

function isGatewayTable(table: RouteTable): boolean {
  return (table.Associations ?? []).some((association) => association.GatewayId !== undefined);
}

function entryOf(table: RouteTable, destination: Host): Entry<Target> {
  const route = (table.Routes ?? []).find(
    // A propagated route is not ours to replace; a static one for the same destination goes before it.
    (candidate) => isStatic(candidate) && leadsTo(candidate, destination),
  );
  if (route === undefined) return { dead: false };
  const target = targetOf(route);
  return { ...(target === undefined ? {} : { target }), dead: route.State === "blackhole" };
}

/** Who made a route. New ones of AWS's are not taken for static ones, which the moves may write. */
const STATIC: ReadonlySet<RouteOrigin | undefined> = new Set([
  "CreateRoute",
  "CreateRouteTable",
  // Some clouds behind EC2's interface leave it out.
  undefined,
]);

/** Not one that a VPN gateway (`EnableVgwRoutePropagation`) or a Route Server (`Advertisement`) has propagated. */
function isStatic({ Origin }: Route): boolean {
  return STATIC.has(Origin);
}

function leadsTo(route: Route, destination: Host): boolean {
  const cidr = destination.family === "ipv4" ? route.DestinationCidrBlock : route.DestinationIpv6CidrBlock;
  return cidr !== undefined && parseHost(cidr)?.cidr === destination.cidr;
}

function targetOf(route: Route): Target | undefined {
  // DescribeRouteTables shows a Gateway Load Balancer endpoint as a gateway; CreateRoute wants it by its own name.
  if (route.GatewayId?.startsWith("vpce-") === true) return { kind: "VpcEndpointId", id: route.GatewayId };
  for (const kind of TARGET_KINDS) {
    const id = kind === "VpcEndpointId" ? undefined : route[kind];
    if (id !== undefined && id !== "") return { kind, id };
  }
  return undefined;
}

/** The request fields that name the destination. */
export function destinationInput(
  destination: Host,
): { DestinationCidrBlock: string } | { DestinationIpv6CidrBlock: string } {
  return destination.family === "ipv4"
    ? { DestinationCidrBlock: destination.cidr }
    : { DestinationIpv6CidrBlock: destination.cidr };
}

/**
 * Makes one table's route lead to the target (undefined: nowhere), whatever it did before. `present` is whether the
 * table is believed to have the route; if that's wrong it is found out. Throws what AWS said last.
 */
export async function writeRoute(
  ec2: Ec2Calls,
  write: { table: string; destination: Host; target?: Target; present: boolean },
  context: Context,
  bounds: WriteBounds,
): Promise<void> {
  const where = { RouteTableId: write.table, ...destinationInput(write.destination) };
  const limits = { ...bounds, perCall: context.limits.writeCall };
  const { target } = write;
  if (target === undefined) {
    try {
      await persist((options) => ec2.deleteRoute(where, options), limits);
    } catch (error) {
      if (!hasNoRoute(error)) throw error;
    }
    return;
  }
  const input = { ...where, [target.kind]: target.id };
  // Each of the two calls is refused when the other is due. Someone else may write at the same time, so it can go back
  // and forth, but not for long.
  let present = write.present;
  for (let turn = 0; ; turn++) {
    try {
      await persist(
        (options) => (present ? ec2.replaceRoute(input, options) : ec2.createRoute(input, options)),
        limits,
      );
      return;
    } catch (error) {
      const wrongCall = present ? hasNoRoute(error) : codeOf(error) === "RouteAlreadyExists";
      if (!wrongCall || turn >= 5) throw error;
      present = !present;
    }
  }
}

/** ReplaceRoute and DeleteRoute on a table that has no such route. ReplaceRoute says it in the message only. */
function hasNoRoute(error: unknown): boolean {
  return codeOf(error) === "InvalidRoute.NotFound" || /no route defined/i.test(describe(error));
}

/** The table itself was deleted: there is nothing to bring to the goal any more. */
export function isTableGone(error: unknown): boolean {
  return kindOf(error) === "gone" && codeOf(error) === "InvalidRouteTableID.NotFound";
}
