import type { CloudModel, Vpc } from "../../model";
import type { Breakage } from "./breakage";
import { nth } from "./blocks";
import { vpcFilter } from "./filter";
import { tableOf, transitNamespace, vpcNamespace } from "./names";
import { type Plugged, routeTableOf } from "./plugged";
import { transitLinksOf } from "./transit-links";
import type { KernelRule, Link, NetworkPlan } from "./types";
import { ATTACHED_ADDRESS, ownRoutes, TRANSIT_ADDRESS, vpcRoutes } from "./vpc-routes";

/** Where every VPC's resolver also is (VPC User Guide, "DNS attributes in your VPC"). */
export const RESOLVER_ADDRESS = "169.254.169.253";

/** Where every instance's metadata service is. */
export const METADATA_ADDRESS = "169.254.169.254";

/** Where the VPC's resolver answers; nowhere if its DNS support is off. */
export function resolverAddresses(vpc: Vpc): string[] {
  return vpc.enableDnsSupport ? [nth(vpc.cidrBlocks[0] ?? "", 2), RESOLVER_ADDRESS] : [];
}

/** The router of a VPC and the links to it: one for each interface, one for each zone of a transit gateway. */
export function planVpc(
  model: CloudModel,
  vpc: Vpc,
  plugged: readonly Plugged[],
  breakages: readonly Breakage[],
): NetworkPlan {
  const namespace = vpcNamespace(vpc.id);
  const transit = transitLinksOf(model, vpc.id);
  const rules: KernelRule[] = [
    ...plugged.map(({ device, networkInterface, routeTableId }) => ({
      device,
      table: tableOf(routeTableId, networkInterface.availabilityZone),
    })),
    // What comes from a transit gateway is routed as the attachment's subnet is.
    ...transit.map(({ device, subnetId, zone }) => ({
      device,
      table: tableOf(routeTableOf(model, subnetId), zone),
    })),
  ];
  const seen = new Set(rules.map(({ table }) => table));
  const zones = [...new Set(model.subnets.map(({ availabilityZone }) => availabilityZone))];
  const routes = model.routeTables
    .filter(({ vpcId }) => vpcId === vpc.id)
    .flatMap((table) =>
      zones
        .filter((zone) => seen.has(tableOf(table.id, zone)))
        .flatMap((zone) => vpcRoutes(model, table, zone, plugged)),
    );
  const services = [...resolverAddresses(vpc), METADATA_ADDRESS].map((address) => `${address}/32`);
  const router = {
    namespace,
    services,
    routes: [...routes, ...ownRoutes(plugged)],
    rules,
    neighbours: plugged.map(({ device, networkInterface }) => ({
      device,
      address: networkInterface.addresses[0] ?? "",
      mac: networkInterface.macAddress,
    })),
    filter: vpcFilter(model, plugged, transit, resolverAddresses(vpc), breakages),
  };
  const links = [
    ...plugged.map((one) => hostLink(namespace, one)),
    ...transit.map((link): Link => {
      const end = { name: link.device, ofHost: false, proxyArp: false };
      const gateway = transitNamespace(link.transitGatewayId);
      return {
        ends: [
          { ...end, namespace, addresses: [`${ATTACHED_ADDRESS}/32`] },
          { ...end, namespace: gateway, addresses: [`${TRANSIT_ADDRESS}/32`] },
        ],
      };
    }),
  ];
  return { routers: [router], links };
}

/** The router of a subnet is its base address + 1, and stands for every neighbour. */
function hostLink(
  namespace: string,
  { device, hostDevice, host, networkInterface, subnetBlock }: Plugged,
): Link {
  const gateway = [`${nth(subnetBlock, 1)}/32`];
  return {
    ends: [
      { namespace, name: device, addresses: gateway, ofHost: false, proxyArp: true },
      {
        namespace: host,
        name: hostDevice,
        mac: networkInterface.macAddress,
        addresses: [],
        ofHost: true,
        proxyArp: false,
      },
    ],
  };
}
