/** A name in a private hosted zone, whose A record leads to the active node. */
import { LIMITS } from "../../core/context";
import { erased, LONGEST, type MechanismFacts } from "../../core/facts";
import { serviceName as mechanism } from "./moves";

export const serviceName: MechanismFacts = {
  type: "pulumi-nodejs:dynamic/failover:ServiceName",
  mechanism: erased(mechanism),
  identity: ["region", "hostedZoneId", "name"],
  candidate: { id: "address", former: "formerAddresses" },
  label: ({ name }) => `service name ${String(name)}`,
  load: () => import("../../core/clients/route53"),
  longest: () => LONGEST + LIMITS.sync,
};
