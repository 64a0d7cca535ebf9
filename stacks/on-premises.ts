import { getTransitGateway } from "@pulumi/aws/ec2transitgateway/getTransitGateway";
import { getCallerIdentity } from "@pulumi/aws/getCallerIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { Network } from "../components/network/network";
import { type GatewayDuties, planGatewayDuties } from "../components/on-premises/gateway.plan";
import { OnPremisesLink } from "../components/on-premises/on-premises-link";
import { type Settings, SettingsError } from "./settings";

/**
 * The link to the corporate network, if the stack wants one.
 * @returns commands for the owner of a transit gateway that is shared from another account, if there are any
 */
export async function onPremisesLink(
  region: string,
  settings: Settings,
  network: Network,
  tags: Record<string, string>,
): Promise<pulumi.Output<string> | undefined> {
  const { transitGateway } = settings;
  if (transitGateway === undefined) return undefined;
  const transit = settings.addresses.subnets.filter(({ purpose }) => purpose === "transit");
  const link = new OnPremisesLink("on-premises", {
    region,
    vpcId: network.vpcId,
    vpcCidr: network.vpcCidr,
    subnetIds: transit.map(({ key }) => network.subnet(key).id),
    routeTables: network.routeTables,
    overlayAddress: settings.overlay,
    intranetCidrs: settings.intranet.cidrs,
    ...(transitGateway === "new" ? {} : await existing(transitGateway)),
    tags,
  });
  return link.ownerOrders;
}

async function existing({
  id,
  routeTableId,
}: {
  readonly id: string;
  readonly routeTableId?: string;
}): Promise<{
  transitGatewayId: string;
  transitGatewayRouteTableId?: string;
  duties: GatewayDuties;
}> {
  const [gateway, { accountId }] = await Promise.all([getTransitGateway({ id }), getCallerIdentity()]);
  const duties = planGatewayDuties({
    id,
    ownerId: gateway.ownerId,
    accountId,
    routeTableId,
    defaultAssociation: gateway.defaultRouteTableAssociation === "enable",
    propagatesTo:
      gateway.defaultRouteTablePropagation === "enable" ? gateway.propagationDefaultRouteTableId : undefined,
  });
  if (!duties.ok) throw new pulumi.RunError(new SettingsError(duties.problems).message);
  return { transitGatewayId: id, transitGatewayRouteTableId: routeTableId, duties: duties.value };
}
