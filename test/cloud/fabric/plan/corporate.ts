import type { CloudModel } from "../../model";
import { CORPORATE_DEVICE, CORPORATE_ROUTER, transitNamespace } from "./names";
import { MAIN_TABLE, type Link, type NetworkPlan } from "./types";
import { ATTACHED_ADDRESS, TRANSIT_ADDRESS } from "./vpc-routes";

/** What the corporate network was told by the stack, in its output `corporateDns`. */
export interface CorporateSide {
  /** Text for the `named.conf` of its DNS servers. */
  readonly bind: string;
  /** Destinations that its routers send towards AWS. */
  readonly routes: readonly string[];
}

export interface CorporateHost {
  readonly name: string;
  readonly address: string;
  readonly prefix: number;
  readonly gateway: string;
  readonly mac: string;
}

/** The hosts of the corporate network. The guest is not of the intranet: no forwarder may serve it. */
export const CORPORATE_HOSTS: readonly CorporateHost[] = [
  { name: "client", address: "172.16.0.10", prefix: 24, gateway: "172.16.0.1", mac: "0a:00:ac:10:00:0a" },
  {
    name: "corporate-dns",
    address: "172.16.0.53",
    prefix: 24,
    gateway: "172.16.0.1",
    mac: "0a:00:ac:10:00:35",
  },
  { name: "guest", address: "203.0.113.10", prefix: 24, gateway: "203.0.113.1", mac: "0a:00:cb:00:71:0a" },
];

/** What the corporate router tells the transit gateway. */
export const CORPORATE_BLOCKS = ["172.16.0.0/24", "203.0.113.0/24"] as const;

/** The gateway at which the corporate network's link ends: the lab has one, or none. */
export function corporateGateway(model: CloudModel): string | undefined {
  return model.transitGateways.find(({ attachments }) => attachments.length > 0)?.id;
}

/** What a transit gateway announces to the other end of its link: what propagates to it, and its static routes. */
function announced(model: CloudModel, gatewayId: string | undefined): string[] {
  const gateway = model.transitGateways.find(({ id }) => id === gatewayId);
  const vpcIds =
    gateway?.attachments.filter(({ state }) => state === "available").map(({ vpcId }) => vpcId) ?? [];
  const blocks = model.vpcs.filter(({ id }) => vpcIds.includes(id)).flatMap(({ cidrBlocks }) => cidrBlocks);
  const table = gateway?.routeTables.find(({ isDefault }) => isDefault);
  return [...new Set([...blocks, ...(table?.routes ?? []).map((route) => route.destinationCidrBlock)])];
}

/**
 * The corporate router, its hosts, and the link to AWS, which carries what both sides route: what the stack told the
 * corporate side, and what this side tells AWS. Before the stack has told it anything (its forwarders are configured
 * over this link while it is being built), the corporate side routes what the transit gateway announces.
 *
 * @param running network namespace by name, of hosts that run
 */
export function planCorporate(
  model: CloudModel,
  side: CorporateSide | undefined,
  running: ReadonlyMap<string, string>,
): NetworkPlan {
  const gatewayId = corporateGateway(model);
  const hosts = CORPORATE_HOSTS.flatMap((host) => {
    const namespace = running.get(host.name);
    return namespace === undefined ? [] : [{ ...host, namespace, device: `c-${host.name}`.slice(0, 15) }];
  });
  const end = { ofHost: false, proxyArp: false };
  const hostLinks = hosts.map(({ device, namespace, gateway, mac }): Link => {
    const own = { namespace: CORPORATE_ROUTER, name: device, addresses: [`${gateway}/32`] };
    const theirs = { namespace, name: "ens5", mac, addresses: [], ofHost: true, proxyArp: false };
    return { ends: [{ ...end, ...own, proxyArp: true }, theirs] };
  });
  const uplinks = (gatewayId === undefined ? [] : [gatewayId]).map((id): Link => {
    const name = CORPORATE_DEVICE;
    return {
      ends: [
        { ...end, namespace: CORPORATE_ROUTER, name, addresses: [`${ATTACHED_ADDRESS}/32`] },
        { ...end, namespace: transitNamespace(id), name, addresses: [`${TRANSIT_ADDRESS}/32`] },
      ],
    };
  });
  const toAws = gatewayId === undefined ? [] : [{ device: CORPORATE_DEVICE, via: TRANSIT_ADDRESS }];
  const routes = [
    ...hosts.map(({ address, device }) => ({ destination: `${address}/32`, nextHops: [{ device }] })),
    ...(side?.routes ?? announced(model, gatewayId)).map((destination) => ({ destination, nextHops: toAws })),
  ];
  const router = {
    namespace: CORPORATE_ROUTER,
    services: [],
    routes: routes.map((route) => ({ table: MAIN_TABLE, ...route })),
    rules: [],
    neighbours: [],
    filter: "",
  };
  return { routers: [router], links: [...hostLinks, ...uplinks] };
}
