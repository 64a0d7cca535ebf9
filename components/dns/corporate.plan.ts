import { parseAddress } from "../network/cidr.plan";
import { type Planned, type Problem, planned, refused } from "../network/problem.plan";
import { parseZone } from "./zones.plan";

export interface CorporateDnsArgs {
  /** Zones that the forwarders answer for: the private zone, and the VPC's reverse zones if wanted. */
  zones: readonly string[];
  /** Addresses of the forwarders (or of a Resolver endpoint), preferred first; two, so that one may fail. */
  forwarders: readonly string[];
}

/** What the people who run the corporate DNS put into it: one text for each server, ready to be pasted. */
export interface CorporateDns {
  /** For `named.conf` of BIND 9.11 or newer. */
  bind: string;
  /** For `unbound.conf`. */
  unbound: string;
  /** For `dnsmasq.conf`. */
  dnsmasq: string;
  /** PowerShell for Windows DNS Server. */
  windows: string;
  /** Lines of `/etc/resolv.conf`, for a single client that has no corporate DNS server in between. */
  resolvConf: string;
}

/** Conditional forwarding of the lab's zones to its forwarders; or every value that is none, at once. */
export function planCorporateDns(args: CorporateDnsArgs): Planned<CorporateDns> {
  const problems: Problem[] = [];
  const zones: string[] = [];
  const forwarders: string[] = [];
  args.zones.forEach((text, i) => take(parseZone(text, `zones[${i}]`), zones, problems));
  args.forwarders.forEach((text, i) => take(parseAddress(text, `forwarders[${i}]`), forwarders, problems));
  if (args.zones.length === 0) {
    problems.push({ key: "zones", reason: "no zone is given", remedy: "list the private zone" });
  }
  if (new Set(args.forwarders).size < 2) {
    problems.push({
      key: "forwarders",
      reason: "fewer than two forwarders are given, so the loss of one is the loss of all names",
      remedy: "list the addresses of both forwarders",
    });
  }
  if (problems.length > 0) return refused(...problems);
  return planned({
    bind: bind(zones, forwarders),
    unbound: unbound(zones, forwarders),
    dnsmasq: dnsmasq(zones, forwarders),
    windows: windows(zones, forwarders),
    resolvConf: resolvConf(forwarders),
  });
}

function take(result: Planned<string>, into: string[], problems: Problem[]): void {
  if (result.ok) into.push(result.value);
  else problems.push(...result.problems);
}

function isReverse(zone: string): boolean {
  return zone.endsWith(".arpa");
}

function bind(zones: string[], forwarders: string[]): string {
  const names = zones.map((zone) => `"${zone}";`).join(" ");
  const head = `// If this server validates DNSSEC, add to its options, for the zones are private and unsigned:
//     validate-except { ${names} };
// If it is authoritative for a zone above, delegate there, or it answers "no such name" from that zone itself:
${zones.map((zone) => `//     ${zone}. NS forwarder1.${zone}.\n`).join("")}`;
  const blocks = zones.map(
    (zone) => `zone "${zone}" {
    type forward;
    // Never "first": it would ask the internet for names that only the VPC knows.
    forward only;
    forwarders { ${forwarders.map((address) => `${address};`).join(" ")} };
};
`,
  );
  return [head, ...blocks].join("\n");
}

function unbound(zones: string[], forwarders: string[]): string {
  const server = zones.flatMap((zone) => [
    `    domain-insecure: "${zone}."`,
    // Unbound answers reverse queries of private addresses itself, unless a part of them is let through; and with
    // private-address set, it drops private addresses from answers, except those of private-domain.
    isReverse(zone) ? `    local-zone: "${zone}." transparent` : `    private-domain: "${zone}."`,
  ]);
  const blocks = zones.flatMap((zone) => [
    "forward-zone:",
    `    name: "${zone}."`,
    ...forwarders.map((address) => `    forward-addr: ${address}`),
    "    forward-first: no",
  ]);
  return `${["server:", ...server, ...blocks].join("\n")}\n`;
}

function dnsmasq(zones: string[], forwarders: string[]): string {
  const lines = zones.flatMap((zone) => [
    ...forwarders.map((address) => `server=/${zone}/${address}`),
    // Only needed where stop-dns-rebind is set; without effect elsewhere.
    ...(isReverse(zone) ? [] : [`rebind-domain-ok=/${zone}/`]),
  ]);
  return `${lines.join("\n")}\n`;
}

function windows(zones: string[], forwarders: string[]): string {
  const servers = forwarders.join(",");
  const lines = zones.map(
    (zone) => `Add-DnsServerConditionalForwarderZone -Name "${zone}" -MasterServers ${servers} -PassThru`,
  );
  return `# On each DNS server; on domain controllers add -ReplicationScope "Forest" to do it once for all.
${lines.join("\n")}
`;
}

/** The C library asks in this order and waits 5 s each by default: too long when a forwarder is down. */
function resolvConf(forwarders: string[]): string {
  // It reads three servers at most (resolv.conf(5), MAXNS).
  const servers = forwarders.slice(0, 3).map((address) => `nameserver ${address}`);
  return `${[...servers, "options timeout:1 attempts:2"].join("\n")}\n`;
}
