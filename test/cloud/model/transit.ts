/** Transit gateways: what leads from one network to another. */

export interface TransitGateway {
  readonly id: string;
  readonly attachments: readonly TransitGatewayAttachment[];
  readonly routeTables: readonly TransitGatewayRouteTable[];
}

/** A VPC's attachment. */
export interface TransitGatewayAttachment {
  readonly id: string;
  readonly vpcId: string;
  /** In an availability zone without one, hosts neither reach the gateway nor are reached. */
  readonly subnetIds: readonly string[];
  readonly state: string;
}

export interface TransitGatewayRouteTable {
  readonly id: string;
  /** The gateway's default one, to which attachments propagate their blocks. */
  readonly isDefault: boolean;
  readonly routes: readonly TransitGatewayRoute[];
}

/** A static route. What attachments propagate is not listed. */
export interface TransitGatewayRoute {
  readonly destinationCidrBlock: string;
  /** Empty for a black hole. */
  readonly attachmentId: string;
  readonly state: "active" | "blackhole";
}
