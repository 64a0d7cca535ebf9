import { filteredByGateway, filteredByMoto } from "../ec2/describe-by-moto";
import type { Handlers } from "../gateway/handler";

const ASSOCIATIONS = {
  "resource-id": "resourceId",
  "resource-type": "resourceType",
  "transit-gateway-attachment-id": "transitGatewayAttachmentId",
};

/** Lists that moto makes. */
export const motoListHandlers: Handlers = {
  "ec2:DescribeImages": filteredByMoto(
    "imagesSet",
    "architecture",
    "creation-date",
    "description",
    "hypervisor",
    "image-id",
    "image-type",
    "is-public",
    "kernel-id",
    "name",
    "owner-alias",
    "owner-id",
    "platform",
    "product-code",
    "root-device-name",
    "root-device-type",
    "state",
    "virtualization-type",
  ),
  "ec2:DescribeInstanceTypes": filteredByMoto(
    "instanceTypeSet",
    "bare-metal",
    "current-generation",
    "instance-type",
  ),
  "ec2:DescribeIamInstanceProfileAssociations": filteredByGateway("iamInstanceProfileAssociationSet", {
    "instance-id": "instanceId",
    state: "state",
  }),
  "ec2:DescribeKeyPairs": filteredByGateway("keySet", {
    fingerprint: "keyFingerprint",
    "key-name": "keyName",
    "key-pair-id": "keyPairId",
  }),
  "ec2:DescribePrefixLists": filteredByGateway("prefixListSet", {
    "prefix-list-id": "prefixListId",
    "prefix-list-name": "prefixListName",
  }),
  "ec2:DescribeVolumesModifications": filteredByGateway("volumeModificationSet", {
    "modification-state": "modificationState",
    "original-size": "originalSize",
    "target-size": "targetSize",
    "volume-id": "volumeId",
  }),
  "ec2:GetTransitGatewayRouteTableAssociations": filteredByGateway("associations", ASSOCIATIONS),
  "ec2:GetTransitGatewayRouteTablePropagations": filteredByGateway(
    "transitGatewayRouteTablePropagations",
    ASSOCIATIONS,
  ),
};
