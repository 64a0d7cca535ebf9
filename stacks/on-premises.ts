import type { Network } from "../components/network/network";
import { OnPremisesLink } from "../components/on-premises/on-premises-link";
import type { Settings } from "./settings";

/** The link to the corporate network, if the stack wants one. */
export function onPremisesLink(settings: Settings, network: Network, tags: Record<string, string>): void {
  const { transitGateway } = settings;
  if (transitGateway === undefined) return;
  const transit = settings.addresses.subnets.filter(({ purpose }) => purpose === "transit");
  new OnPremisesLink("on-premises", {
    vpcId: network.vpcId,
    vpcCidr: network.vpcCidr,
    subnetIds: transit.map(({ key }) => network.subnet(key).id),
    routeTables: network.routeTables,
    overlayAddress: settings.overlay,
    intranetCidrs: settings.intranet.cidrs,
    ...(transitGateway === "new"
      ? {}
      : { transitGatewayId: transitGateway.id, transitGatewayRouteTableId: transitGateway.routeTableId }),
    tags,
  });
}
