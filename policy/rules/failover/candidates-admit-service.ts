import { portList } from "../../lib/config";
import { coversPort, type Ingress, rulesOf } from "../../lib/ingress";
import { stackRule } from "../../lib/rule";
import { candidatesOf, groupsOf, servicesOf } from "../../lib/services";
import type { Member, Stack } from "../../lib/stack";
import { types } from "../../lib/types";
import { asNumber, UNKNOWN } from "../../lib/values";

export const candidatesAdmitService = stackRule({
  name: "candidates-admit-service",
  description: "The security groups of every candidate let clients reach the service.",
  why: "a failover to a node whose group is closed looks successful and serves nobody",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  config: {
    ports: portList({
      default: [],
      description: "Ports of the service; empty: any one other than SSH's, for the pack cannot know which",
    }),
  },
  check: (stack, { ports }) =>
    [...new Set(servicesOf(stack).flatMap((service) => entrances(stack, service)))].flatMap((resource) => {
      const { groups, complete } = groupsOf(stack, resource);
      if (!complete) return [];
      const rules = groups.flatMap((group) => rulesOf(stack, group)).filter((rule) => !rule.onlySelf);
      const closed = ports.filter((port) => !rules.some((rule) => admits(rule, port)));
      const nothing = ports.length === 0 && !rules.some(admitsAny);
      if (closed.length === 0 && !nothing) return [];
      const what = nothing ? "no port but SSH's" : `not port ${closed.join(" nor ")}`;
      const found = `is a candidate whose security groups let clients reach ${what}`;
      return [{ resource, found, remedy: "add an ingress rule for the service's port and its clients" }];
    }),
});

/** Where the clients of a service arrive: at its nodes, or at the interface that floats between them. */
function entrances(stack: Stack, service: Member): readonly Member[] {
  if (service.type !== types.floatingEni) return candidatesOf(stack, service);
  return stack.linked(service, "networkInterfaceId", [types.networkInterface]).members;
}

function admits(rule: Ingress, port: number): boolean {
  return coversPort(rule, "tcp", port) !== "no" || coversPort(rule, "udp", port) !== "no";
}

function admitsAny(rule: Ingress): boolean {
  if (rule.protocol === UNKNOWN || rule.fromPort === UNKNOWN || rule.toPort === UNKNOWN) return true;
  const [from, to] = [asNumber(rule.fromPort) ?? 0, asNumber(rule.toPort) ?? 65535];
  const onlySsh = from === 22 && to === 22;
  return !onlySsh && (admits(rule, Math.max(from, 1)) || admits(rule, to));
}
