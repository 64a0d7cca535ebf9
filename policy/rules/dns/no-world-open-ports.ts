import { portList } from "../../lib/config";
import { coversPort, ingressOf, ingressTypes, worldBlocks } from "../../lib/ingress";
import { resourceRule } from "../../lib/rule";

export const noWorldOpenPorts = resourceRule({
  name: "no-world-open-ports",
  description: "SSH and DNS are never open to the whole internet.",
  why: "an open resolver is used to attack others, and an open SSH port is attacked within minutes",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html",
  types: ingressTypes,
  config: {
    ports: portList({
      default: [22, 53],
      description: "Ports that must not be open to the world, TCP and UDP",
    }),
  },
  check: (resource, { ports }) =>
    ingressOf(resource).flatMap((ingress) => {
      const open = worldBlocks(ingress);
      const hit = ports.filter(
        (port) => coversPort(ingress, "tcp", port) === "yes" || coversPort(ingress, "udp", port) === "yes",
      );
      if (open.length === 0 || hit.length === 0) return [];
      return {
        resource,
        found: `opens port ${hit.join(" and ")} to ${open.join(" and ")} (${ingress.at})`,
        remedy: "list the ranges that need it, e.g. the intranet's, or another security group",
      };
    }),
});
