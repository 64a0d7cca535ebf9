import { type Planned, planned, refused } from "../network/problem.plan";

/** What is known about a transit gateway that exists already (EC2 API Reference, DescribeTransitGateways). */
export interface ExistingGateway {
  readonly id: string;
  /** Account that owns it. */
  readonly ownerId: string;
  /** Account of the stack. */
  readonly accountId: string;
  /** The route table that the corporate attachment is associated with. */
  readonly routeTableId?: string;
  /** Whether new attachments are associated with a route table by themselves. */
  readonly defaultAssociation: boolean;
  /** The route table that blocks of new attachments are propagated to by themselves; undefined = none. */
  readonly propagatesTo?: string;
}

/** What an existing gateway needs besides the attachment, so that packets find the VPC, and find their way out of it. */
export interface GatewayDuties {
  /** The attachment has to be associated with a route table; without, what the VPC sends is dropped. */
  readonly associate: boolean;
  /** The VPC's block has to be propagated to the corporate attachment's route table. */
  readonly propagate: boolean;
  /**
   * Only the gateway's owner can do this, and make the static route: a gateway that is shared from another account shows
   * its route tables to nobody else (Transit Gateway Guide, "Shared transit gateways").
   */
  readonly byOwner: boolean;
}

/** Plans what an existing gateway needs. @returns the duties; or that the route table of a gateway of ours is missing */
export function planGatewayDuties(gateway: ExistingGateway): Planned<GatewayDuties> {
  const { id, ownerId, accountId, routeTableId, defaultAssociation, propagatesTo } = gateway;
  const byOwner = ownerId !== accountId;
  if (!byOwner && routeTableId === undefined) {
    return refused({
      key: "transitGatewayRouteTable",
      reason: `is empty, and ${id} exists already`,
      remedy: "give the gateway's route table that the corporate attachment is associated with",
    });
  }
  return planned({
    associate: !defaultAssociation,
    propagate: propagatesTo === undefined || (routeTableId !== undefined && propagatesTo !== routeTableId),
    byOwner,
  });
}

export interface OwnerOrdersArgs {
  readonly region: string;
  readonly attachmentId: string;
  /** @default a placeholder, `ROUTE_TABLE` */
  readonly routeTableId?: string;
  /** Destinations that need a static route to the attachment, e.g. `192.168.10.1/32`. */
  readonly destinations: readonly string[];
  readonly duties: GatewayDuties;
}

/** Commands of the AWS CLI for the owner of a shared gateway, one a line. */
export function ownerOrders({
  region,
  attachmentId,
  routeTableId = "ROUTE_TABLE",
  destinations,
  duties,
}: OwnerOrdersArgs): string {
  const command = (action: string, more = ""): string =>
    `aws ec2 ${action} --region ${region} --transit-gateway-route-table-id ${routeTableId} ` +
    `--transit-gateway-attachment-id ${attachmentId}${more}\n`;
  return [
    ...(duties.associate ? [command("associate-transit-gateway-route-table")] : []),
    ...(duties.propagate ? [command("enable-transit-gateway-route-table-propagation")] : []),
    ...destinations.map((block) =>
      command("create-transit-gateway-route", ` --destination-cidr-block ${block}`),
    ),
  ].join("");
}
