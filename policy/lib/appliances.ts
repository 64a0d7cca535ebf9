import { machineOf, routesToMachines } from "./routes";
import type { Member, Stack } from "./stack";
import { userDataOf } from "./user-data";
import { types } from "./types";
import { asText, leaves } from "./values";

/** Software that connects other networks, by the names of its packages, programs and files. */
const tunnels =
  /\b(wireguard|wg-quick|wg0|openvpn|strongswan|swanctl|libreswan|ipsec|tailscale|nebula|zerotier|softether|ocserv|frr|bird2?|vpnserver)\b/i;

/** What makes a Linux forward packets, or be found under another's address. */
const forwarding =
  /ip_forward\s*[= ]\s*['"]?1|\.forwarding\s*=\s*1|\bmasquerade\b|\bIPMasquerade\s*=|-j\s+(?:SNAT|DNAT)\b|\b(?:snat|dnat)\s+(?:ip\s+|ip6\s+)?to\b|\b(?:keepalived|pacemaker|corosync|fck-nat|ha-nat|ipvsadm|haproxy-vip|kubeadm|k3s|rke2|calico|cilium)\b/i;

const tunnelNames =
  /(^|[^a-z])(vpn|wireguard|wg|openvpn|ipsec|strongswan|tunnel|router|gateway|gw|tailscale|appliance)([^a-z]|$)/i;
const forwardingNames = /(^|[^a-z])(nat|natgw|firewall|fw|proxy|ngfw|utm|inspection)([^a-z]|$)/i;

function textsOf(stack: Stack, machine: readonly Member[]): readonly string[] {
  return machine.flatMap((member) => [
    ...userDataOf(member).texts,
    ...stack
      .linked(member, "launchTemplate", [types.launchTemplate])
      .members.flatMap((lt) => userDataOf(lt).texts),
    ...userDataOf(member).files.map(({ text }) => text),
  ]);
}

/** Names that people gave: the resource's, and the tags that say what it is. */
function namesOf(machine: readonly Member[]): readonly string[] {
  return machine.flatMap(({ name, props }) => {
    const tags = Object.entries((props.tags ?? {}) as object).filter(([key]) =>
      /^(name|role|function|purpose|service)$/i.test(key),
    );
    return [name, asText(props.description) ?? "", ...tags.flatMap(([, value]) => leaves(value))];
  });
}

/**
 * Whether a route of one address to a machine is a route through it: to a machine behind a VPN, a tunnel or a
 * router. A machine that has the address itself is none, whatever else it does.
 */
export function isAppliance(stack: Stack, target: Member, destination: string): boolean {
  const machine = machineOf(stack, target);
  const texts = textsOf(stack, machine);
  const [address = ""] = destination.split("/");
  if (
    texts.some((text) =>
      new RegExp(
        `\\b(?:addr|address|ip|vip|virtual)[^\\n]*${address.replace(/[.]/g, "\\.")}(?![\\d.])`,
        "i",
      ).test(text),
    )
  )
    return false;
  if (
    routesToMachines(stack).some(
      ({ wide, targets }) => wide && targets.some((member) => machine.includes(member)),
    )
  )
    return true;
  return texts.some((text) => tunnels.test(text)) || namesOf(machine).some((name) => tunnelNames.test(name));
}

/** Whether a machine is made to forward packets, as its user data or its name says. */
export function forwardsPackets(stack: Stack, member: Member): boolean {
  const machine = machineOf(stack, member);
  if (namesOf(machine).some((name) => tunnelNames.test(name) || forwardingNames.test(name))) return true;
  return textsOf(stack, machine).some((text) => tunnels.test(text) || forwarding.test(text));
}
