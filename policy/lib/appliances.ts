import { machineOf, routesToMachines } from "./routes";
import type { Member, Stack } from "./stack";
import { userDataOf } from "./user-data";
import { types } from "./types";
import { asProps, asText, leaves } from "./values";

/** Software that connects other networks, by the names of its packages, programs and files. */
const tunnels =
  /\b(wireguard|wg-quick|wg0|openvpn|strongswan|swanctl|libreswan|ipsec|tailscale|nebula|zerotier|softether|ocserv|frr|bird2?|vpnserver)\b/i;

/** What makes a Linux forward packets. */
const routing =
  /ip_forward\s*[= ]\s*['"]?1|\.forwarding\s*=\s*1|\bmasquerade\b|\bIPMasquerade\s*=|-j\s+(?:SNAT|DNAT)\b|\b(?:snat|dnat)\s+(?:ip\s+|ip6\s+)?to\b|\b(?:fck-nat|ha-nat)\b/i;

/** What has, or hands on, addresses that are not the machine's own. */
const clusters =
  /\b(?:keepalived|pacemaker|corosync|ipvsadm|kubeadm|k3s|rke2|calico|cilium|bootstrap\.sh|nodeadm)\b|ip_nonlocal_bind/i;

const gatewayNames =
  /(^|[^a-z])(vpn|wireguard|wg|openvpn|ipsec|strongswan|tunnel|router|gateway|gw|tailscale|appliance|nat|natgw|firewall|fw|ngfw|fortigate|paloalto|vmseries|csr(?:1000v)?|asav?|checkpoint|sophos|pfsense|opnsense|vyos|vsrx|barracuda|velocloud|aviatrix|sd-?wan)([^a-z]|$)/i;
const otherNames = /(^|[^a-z])(proxy|utm|inspection|ids|ips)([^a-z]|$)/i;

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
    const tags = Object.entries(asProps(props.tags)).filter(([key]) =>
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
  return (
    texts.some((text) => tunnels.test(text) || routing.test(text)) ||
    namesOf(machine).some((name) => gatewayNames.test(name))
  );
}

/** Whether a machine is made to forward packets, as its user data or its name says. */
export function forwardsPackets(stack: Stack, member: Member): boolean {
  const machine = machineOf(stack, member);
  if (machine.some(isKubernetes)) return true;
  if (namesOf(machine).some((name) => gatewayNames.test(name) || otherNames.test(name))) return true;
  return textsOf(stack, machine).some((text) => [tunnels, routing, clusters].some((sign) => sign.test(text)));
}

/** Nodes of a cluster carry the packets of their pods. */
function isKubernetes({ props }: Member): boolean {
  return Object.keys(asProps(props.tags)).some((key) => /^(?:kubernetes|k8s)\.io\//.test(key));
}
