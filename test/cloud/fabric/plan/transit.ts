import type { CloudModel, TransitGateway } from "../../model";
import type { Breakage } from "./breakage";
import { parseBlock } from "./blocks";
import { CORPORATE_DEVICE, transitNamespace } from "./names";
import { type TransitLink, transitLinks } from "./transit-links";
import { MAIN_TABLE, type KernelRoute, type NextHop, type RouterPlan } from "./types";
import { ATTACHED_ADDRESS } from "./vpc-routes";

/**
 * The router of a transit gateway: its default route table, with which everything is associated. Blocks of VPCs
 * propagate; those of the corporate network are told by its router (BGP, in an account). A static route wins.
 *
 * @param corporateBlocks blocks of the corporate network, if its link ends at this gateway
 */
export function planTransitGateway(
  model: CloudModel,
  gateway: TransitGateway,
  corporateBlocks: readonly string[],
  breakages: readonly Breakage[],
): RouterPlan {
  const cut = breakages.flatMap((one) => (one.kind === "cut-zone" ? [one.zone] : []));
  const links = transitLinks(model).filter(
    ({ transitGatewayId, zone }) => transitGatewayId === gateway.id && !cut.includes(zone),
  );
  const to = (attachmentId: string): NextHop[] => linksTo(links, attachmentId);
  const routes = new Map<string, NextHop[]>([["0.0.0.0/0", []]]);
  for (const block of corporateBlocks)
    routes.set(block, [{ device: CORPORATE_DEVICE, via: ATTACHED_ADDRESS }]);
  for (const { id, vpcId, state } of gateway.attachments) {
    if (state !== "available") continue;
    for (const block of model.vpcs.find((vpc) => vpc.id === vpcId)?.cidrBlocks ?? [])
      routes.set(block, to(id));
  }
  const table = gateway.routeTables.find(({ isDefault }) => isDefault);
  for (const route of table?.routes ?? []) {
    routes.set(route.destinationCidrBlock, route.state === "active" ? to(route.attachmentId) : []);
  }
  return {
    namespace: transitNamespace(gateway.id),
    services: [],
    routes: [...routes]
      .sort(([one], [other]) => parseBlock(one).base - parseBlock(other).base)
      .map(([destination, nextHops]): KernelRoute => ({ table: MAIN_TABLE, destination, nextHops })),
    rules: [],
    neighbours: [],
    filter: "",
  };
}

/** One way per zone; the kernel spreads connections over them, as the gateway does. */
function linksTo(links: readonly TransitLink[], attachmentId: string): NextHop[] {
  return links
    .filter((link) => link.attachmentId === attachmentId)
    .map(({ device }) => ({ device, via: ATTACHED_ADDRESS }));
}
