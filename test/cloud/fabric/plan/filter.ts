import type { CloudModel, SecurityGroup, SecurityGroupRule } from "../../model";
import type { Breakage } from "./breakage";
import type { Plugged } from "./plugged";
import type { TransitLink } from "./transit-links";

/**
 * The nftables ruleset of a VPC's router: source/dest check, security groups, and what a person has broken. Loaded
 * whole, in one transaction. Nothing passes that is not allowed.
 */
export function vpcFilter(
  model: CloudModel,
  plugged: readonly Plugged[],
  transit: readonly TransitLink[],
  resolvers: readonly string[],
  breakages: readonly Breakage[],
): string {
  const groups = model.securityGroups.filter(({ vpcId }) => vpcId === plugged[0]?.networkInterface.vpcId);
  const unchecked = plugged.filter(({ networkInterface }) => !networkInterface.sourceDestCheck);
  const devices = (some: readonly { readonly device: string }[]): string[] =>
    some.map(({ device }) => `"${device}"`);
  const owned = plugged.flatMap(({ device, networkInterface }) =>
    networkInterface.addresses.map((address) => `"${device}" . ${address}`),
  );
  return `table ip lab {
${set("interfaces", "ifname", devices(plugged))}
${set("unchecked", "ifname", devices(unchecked))}
${set("transit", "ifname", devices(transit))}
${set("owned", "ifname . ipv4_addr", owned)}
${set("resolvers", "ipv4_addr", resolvers)}
${groups.map((group) => set(setOf(group.id), "ipv4_addr", membersOf(group, plugged))).join("\n")}

  # What an interface sends has its address as source, unless its source/dest check is off.
  chain source_check {
    type filter hook prerouting priority -300; policy accept;
${lossRules("iifname", plugged, breakages)}
    iifname @unchecked accept
    iifname . ip saddr @owned accept
    iifname @interfaces ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
    iifname @interfaces drop
  }
  chain lost {
    type filter hook postrouting priority 300; policy accept;
${lossRules("oifname", plugged, breakages)}
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
${cutRules(plugged, transit, breakages)}
    oifname @interfaces oifname != @unchecked oifname . ip daddr != @owned drop
    ct state established,related accept
    ct state invalid drop
    ${verdicts(
      "iifname",
      plugged.map(({ device }) => `"${device}" : jump out_${device}`),
    )}
    oifname @transit accept
    ${verdicts(
      "oifname",
      plugged.map(({ device }) => `"${device}" : goto in_${device}`),
    )}
  }
  # Security groups don't filter what goes to the router's own services, and nobody else gets there.
  chain input {
    type filter hook input priority 0; policy drop;
    iifname "lo" accept
    iifname @interfaces udp dport 67 accept
    iifname @interfaces ip daddr @resolvers udp dport 53 accept
    iifname @interfaces ip daddr @resolvers tcp dport 53 accept
    iifname @interfaces ip daddr 169.254.169.254 tcp dport 80 accept
  }
${plugged.map((one) => interfaceChains(one, groups)).join("\n")}
}
`;
}

const set = (name: string, type: string, elements: readonly string[]): string => {
  const content = elements.length === 0 ? "" : `elements = { ${elements.join(", ")} }; `;
  return `  set ${name} { type ${type}; ${content}}`;
};

const verdicts = (selector: string, entries: readonly string[]): string =>
  entries.length === 0 ? "" : `${selector} vmap { ${entries.join(", ")} }`;

const setOf = (groupId: string): string => groupId.replace("-", "_");

function membersOf(group: SecurityGroup, plugged: readonly Plugged[]): string[] {
  return plugged
    .filter(({ networkInterface }) => networkInterface.securityGroupIds.includes(group.id))
    .flatMap(({ networkInterface }) => networkInterface.addresses);
}

/** What may leave goes on to be judged by whom it is for. */
function interfaceChains({ device, networkInterface }: Plugged, groups: readonly SecurityGroup[]): string {
  const own = groups.filter(({ id }) => networkInterface.securityGroupIds.includes(id));
  const chain = (name: string, rules: readonly string[]): string =>
    `  chain ${name} {\n${[...new Set(rules), "drop"].map((rule) => `    ${rule}\n`).join("")}  }`;
  return [
    chain(
      `out_${device}`,
      own.flatMap(({ egress }) => egress.flatMap((rule) => matches(rule, "daddr", "return"))),
    ),
    chain(
      `in_${device}`,
      own.flatMap(({ ingress }) => ingress.flatMap((rule) => matches(rule, "saddr", "accept"))),
    ),
  ].join("\n");
}

function matches(rule: SecurityGroupRule, side: "saddr" | "daddr", verdict: string): string[] {
  const peers = [...rule.cidrBlocks, ...rule.securityGroupIds.map((id) => `@${setOf(id)}`)];
  return peers.map((peer) => `ip ${side} ${peer} ${protocolMatch(rule)}${verdict}`);
}

function protocolMatch({ protocol, fromPort, toPort }: SecurityGroupRule): string {
  switch (protocol) {
    case "-1":
      return "";
    case "tcp":
    case "udp":
      return fromPort === -1 ? `meta l4proto ${protocol} ` : `${protocol} dport ${fromPort}-${toPort} `;
    case "icmp": {
      const type = fromPort === -1 ? "meta l4proto icmp " : `icmp type ${fromPort} `;
      return toPort === -1 ? type : `${type}icmp code ${toPort} `;
    }
    default:
      return `meta l4proto ${protocol} `;
  }
}

function lossRules(
  selector: "iifname" | "oifname",
  plugged: readonly Plugged[],
  breakages: readonly Breakage[],
): string {
  return breakages
    .flatMap((breakage) => {
      if (breakage.kind !== "cut" && breakage.kind !== "loss") return [];
      const which = breakage.kind === "loss" ? `numgen random mod 100 < ${breakage.percent} ` : "";
      return plugged
        .filter(({ host }) => host === breakage.host)
        .map(({ device }) => `    ${selector} "${device}" ${which}drop`);
    })
    .join("\n");
}

/** A zone that is cut off is whole in itself. */
function cutRules(
  plugged: readonly Plugged[],
  transit: readonly TransitLink[],
  breakages: readonly Breakage[],
): string {
  return breakages
    .flatMap((breakage) => {
      if (breakage.kind !== "cut-zone") return [];
      const inside = [
        ...plugged.filter(({ networkInterface }) => networkInterface.availabilityZone === breakage.zone),
        ...transit.filter(({ zone }) => zone === breakage.zone),
      ].map(({ device }) => `"${device}"`);
      if (inside.length === 0) return [];
      const zone = `{ ${inside.join(", ")} }`;
      return [`    iifname ${zone} oifname != ${zone} drop`, `    iifname != ${zone} oifname ${zone} drop`];
    })
    .join("\n");
}
