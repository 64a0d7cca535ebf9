import type { CloudModel } from "../../model";
import { transitDevice } from "./names";

/** Where an attachment has its interface in a zone. */
export interface TransitLink {
  readonly transitGatewayId: string;
  readonly attachmentId: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly device: string;
}

/** The links of a VPC to transit gateways: one per attachment and zone. */
export function transitLinksOf(model: CloudModel, vpcId: string): TransitLink[] {
  return transitLinks(model).filter((link) => link.vpcId === vpcId);
}

export function transitLinks(model: CloudModel): TransitLink[] {
  return model.transitGateways.flatMap((gateway) =>
    gateway.attachments
      .filter(({ state }) => state === "available")
      .flatMap(({ id, vpcId, subnetIds }) =>
        subnetIds.flatMap((subnetId) => {
          const zone = model.subnets.find((subnet) => subnet.id === subnetId)?.availabilityZone;
          if (zone === undefined) return [];
          const device = transitDevice(id, zone);
          return [{ transitGatewayId: gateway.id, attachmentId: id, vpcId, zone, subnetId, device }];
        }),
      ),
  );
}
