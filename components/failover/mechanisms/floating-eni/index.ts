/** A network interface with a fixed private address, which is attached to the active node. */
import { erased, LONGEST, type MechanismFacts } from "../../core/facts";
import { detachLimits } from "./driver";
import { floatingEni as mechanism } from "./moves";

export const floatingEni: MechanismFacts = {
  type: "pulumi-nodejs:dynamic/failover:FloatingEni",
  mechanism: erased(mechanism),
  identity: ["region", "networkInterfaceId"],
  candidate: { id: "instanceId", former: "formerInstances" },
  itself: "networkInterfaceId",
  label: ({ networkInterfaceId, address }) =>
    `floating ENI ${String(networkInterfaceId)}${address === undefined ? "" : ` (${String(address)})`}`,
  load: () => import("../../core/clients/ec2"),
  longest: ({ allowForce }) => {
    const { graceful, forced } = detachLimits({ allowForce: allowForce === true });
    return LONGEST + graceful + forced;
  },
};
