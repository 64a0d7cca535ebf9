import { forwardersOf } from "../../lib/forwarders";
import { coversPort, rulesOf } from "../../lib/ingress";
import { stackRule } from "../../lib/rule";
import { groupsOf } from "../../lib/services";
import type { Member, Stack } from "../../lib/stack";
import { types } from "../../lib/types";

export const dnsUdpAndTcp = stackRule({
  name: "dns-udp-and-tcp",
  description: "Who may ask DNS over UDP may ask over TCP too, and the other way round.",
  why: "answers that do not fit into a UDP packet are asked for again over TCP",
  level: "mandatory",
  source: "https://www.rfc-editor.org/rfc/rfc7766",
  check: (stack) => [
    ...stack.ofType(types.securityGroup, types.defaultSecurityGroup).flatMap((group) => half(stack, group)),
    ...forwardersOf(stack).flatMap((forwarder) => deaf(stack, forwarder)),
  ],
});

const remedy = "open port 53 for udp and for tcp, to the same clients";

function covered(stack: Stack, groups: readonly Member[]): Record<"udp" | "tcp", boolean> {
  const rules = groups.flatMap((group) => rulesOf(stack, group)).filter((rule) => !rule.onlySelf);
  const open = (protocol: "udp" | "tcp"): boolean =>
    rules.some((rule) => coversPort(rule, protocol, 53) !== "no");
  return { udp: open("udp"), tcp: open("tcp") };
}

function half(stack: Stack, group: Member) {
  const { udp, tcp } = covered(stack, [group]);
  if (udp === tcp) return [];
  // A range of many ports is not about DNS, though 53 may lie in it.
  const meant = rulesOf(stack, group).some((rule) => rule.fromPort === 53 && rule.toPort === 53);
  if (!meant) return [];
  return [{ resource: group, found: `opens port 53 for ${udp ? "udp" : "tcp"} only`, remedy }];
}

function deaf(stack: Stack, forwarder: Member) {
  const { groups, complete } = groupsOf(stack, forwarder);
  const { udp, tcp } = covered(stack, groups);
  if (!complete || udp || tcp) return [];
  return [{ resource: forwarder, found: "is a forwarder whose security groups let nobody ask", remedy }];
}
