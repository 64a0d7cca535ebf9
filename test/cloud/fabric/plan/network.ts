import type { CloudModel } from "../../model";
import type { Breakage } from "./breakage";
import { CORPORATE_BLOCKS, corporateGateway, type CorporateSide, planCorporate } from "./corporate";
import { type Plugged, pluggedInterfaces } from "./plugged";
import { planTransitGateway } from "./transit";
import { transitLinksOf } from "./transit-links";
import type { NetworkPlan } from "./types";
import { planVpc } from "./vpc";

export interface Situation {
  readonly model: CloudModel;
  /** What the corporate network was told; undefined before the stack has been built. */
  readonly corporate?: CorporateSide;
  /** Network namespaces of the hosts that run, by instance id or, in the corporate network, by name. */
  readonly running: ReadonlyMap<string, string>;
  /** Hosts are named by their network namespaces. */
  readonly breakages: readonly Breakage[];
}

/** All routers and links that there are to be. A VPC without hosts and transit gateways needs none. */
export function planNetwork({ model, corporate, running, breakages }: Situation): NetworkPlan {
  const plugged = pluggedInterfaces(model, running);
  const of = (vpcId: string): Plugged[] => plugged.filter((one) => one.networkInterface.vpcId === vpcId);
  const vpcs = model.vpcs
    .filter(({ id }) => of(id).length > 0 || transitLinksOf(model, id).length > 0)
    .map((vpc) => planVpc(model, vpc, of(vpc.id), breakages));
  const home = corporateGateway(model);
  const gateways = model.transitGateways.map((gateway) =>
    planTransitGateway(model, gateway, gateway.id === home ? CORPORATE_BLOCKS : [], breakages),
  );
  const parts = [...vpcs, { routers: gateways, links: [] }, planCorporate(model, corporate, running)];
  return {
    routers: parts.flatMap(({ routers }) => routers),
    links: parts.flatMap(({ links }) => links),
  };
}
