import type { CloudModel, Route, RouteTable } from "../../model";
import { mostSpecific } from "./blocks";
import { tableOf } from "./names";
import type { Plugged } from "./plugged";
import { transitLinksOf } from "./transit-links";
import { MAIN_TABLE, type KernelRoute, type NextHop } from "./types";

/** The address of a transit gateway on all its links. */
export const TRANSIT_ADDRESS = "169.254.252.1";
/** The address of whoever is at the other end of such a link. */
export const ATTACHED_ADDRESS = "169.254.252.2";

const EVERYWHERE = "0.0.0.0/0";

/**
 * A route table as seen from a zone. The kernel takes the most specific route, as a VPC does. What is local leads to
 * the interface with the address, and nowhere if there is none.
 */
export function vpcRoutes(
  model: CloudModel,
  table: RouteTable,
  zone: string,
  plugged: readonly Plugged[],
): KernelRoute[] {
  const number = tableOf(table.id, zone);
  const routes = table.routes.map((route) => ({
    table: number,
    destination: route.destinationCidrBlock,
    nextHops: nextHopsOf(model, table.vpcId, route, zone, plugged),
  }));
  const local = plugged.flatMap((one) =>
    one.networkInterface.addresses
      .filter((address) => isLocal(table, address))
      .map((address) => ({ table: number, ...toInterface(one, address) })),
  );
  const rest = routes.some(({ destination }) => destination === EVERYWHERE)
    ? []
    : [{ table: number, destination: EVERYWHERE, nextHops: [] }];
  return [...routes, ...local, ...rest];
}

/** What the router itself sends (answers of its services) goes to the interfaces. */
export function ownRoutes(plugged: readonly Plugged[]): KernelRoute[] {
  return plugged.flatMap((one) =>
    one.networkInterface.addresses.map((address) => ({ table: MAIN_TABLE, ...toInterface(one, address) })),
  );
}

function toInterface({ device }: Plugged, address: string): Pick<KernelRoute, "destination" | "nextHops"> {
  return { destination: `${address}/32`, nextHops: [{ device }] };
}

function isLocal(table: RouteTable, address: string): boolean {
  const route = mostSpecific(table.routes, ({ destinationCidrBlock }) => destinationCidrBlock, address);
  return route?.target.kind === "local";
}

function nextHopsOf(
  model: CloudModel,
  vpcId: string,
  { state, target }: Route,
  zone: string,
  plugged: readonly Plugged[],
): NextHop[] {
  if (state === "blackhole") return [];
  switch (target.kind) {
    case "network-interface": {
      const found = plugged.find(({ networkInterface }) => networkInterface.id === target.id);
      // Delivered to the interface's MAC address, whether its host has the packet's address or not.
      return found === undefined ? [] : [{ device: found.device, via: found.networkInterface.addresses[0] }];
    }
    case "transit-gateway":
      return transitLinksOf(model, vpcId)
        .filter((link) => link.transitGatewayId === target.id && link.zone === zone)
        .map(({ device }) => ({ device, via: TRANSIT_ADDRESS }));
    case "local":
    // There is no internet in the lab.
    case "internet-gateway":
    case "nat-gateway":
    case "other":
      return [];
  }
}
