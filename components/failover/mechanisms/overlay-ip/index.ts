/** An address outside the VPC, whose route in every route table of the VPC leads to the active node. */
import { erased, LONGEST, type MechanismFacts } from "../../core/facts";
import { overlayIp as mechanism } from "./moves";

export const overlayIp: MechanismFacts = {
  type: "pulumi-nodejs:dynamic/failover:OverlayIp",
  mechanism: erased(mechanism),
  identity: ["region", "vpcId", "destination"],
  candidate: { id: "networkInterfaceId", former: "formerInterfaces" },
  label: ({ destination }) => `overlay IP ${String(destination)}`,
  load: () => import("../../core/clients/ec2"),
  longest: () => LONGEST,
  renamed: (olds, { destination, candidates }) =>
    `${Object.keys(candidates).join(" and ")} booted with ${String(olds.destination)} and don't answer at ${String(destination)} ` +
    "before they have it: replace the standby, fail over, replace the other one; or add the address on them by hand.",
};
