/** A tag of a resource that names the active node's instance. */
import { erased, LONGEST, type MechanismFacts } from "../../../../components/failover/core/facts";
import { ownerTagMoves } from "./moves";

export const ownerTag: MechanismFacts = {
  type: "pulumi-nodejs:dynamic/failover:OwnerTag",
  mechanism: erased(ownerTagMoves),
  identity: ["region", "resourceId"],
  candidate: { id: "instanceId", former: "formerInstances" },
  label: ({ resourceId }) => `owner of ${String(resourceId)}`,
  load: () => import("@aws-sdk/client-ec2"),
  longest: () => LONGEST,
};
