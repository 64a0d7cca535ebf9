import { type Cidr, containsAddress, parseAddress, parseCidr } from "../network/cidr.plan";
import { type Planned, type Problem, planned, refused } from "../network/problem.plan";
import { internalDomain, parseZone, reverseZones } from "./zones.plan";

export interface NamedConfArgs {
  /** Who may ask: blocks or single addresses, e.g. the intranet's and the VPC's. Goes into the ACL `goodclients`. */
  clients: readonly string[];
  /** The VPC's resolver, base address + 2, e.g. `10.0.0.2`. */
  resolver: string;
  /** The private hosted zone, e.g. `awslab.mycompany.corp`. */
  privateZone: string;
  /** E.g. `us-east-1`: decides how instances are named. */
  region: string;
  /** Block of the VPC, for its reverse zones. */
  vpcCidr: string;
  /** Working directory of named. @default "/var/named" */
  directory?: string;
  /** Log file; its directory must exist and belong to named. @default "/var/log/named/bind.log" */
  logFile?: string;
}

/** Blocks with shorter prefixes are more than one organisation has: they open the forwarder to the world. */
const SHORTEST_PREFIX = { 4: 8, 6: 19 } as const;

/** Unspecified, loopback, multicast and reserved addresses: no resolver is there, and a forwarder to itself is a loop. */
const NOT_A_RESOLVER = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/128", "::1/128", "ff00::/8"];

/**
 * The `named.conf` of a forwarder (BIND 9.18): it answers its clients, and them alone, with what the VPC's resolver
 * says.
 *
 * @returns the file's text; or every value that would break the file or open the forwarder, at once.
 */
export function planNamedConf(args: NamedConfArgs): Planned<string> {
  const problems: Problem[] = [];
  const read = <T>(result: Planned<T>, instead: T): T => {
    if (result.ok) return result.value;
    problems.push(...result.problems);
    return instead;
  };

  const clients = args.clients.map((text, i) => read(parseClient(text, `clients[${i}]`), ""));
  if (clients.length === 0) {
    problems.push({
      key: "clients",
      reason: "nobody may ask",
      remedy: "list the intranet's and the VPC's blocks",
    });
  }
  const resolver = read(parseResolver(args.resolver), "");
  const privateZone = read(parseZone(args.privateZone, "privateZone"), "");
  const vpc = read<Cidr | undefined>(parseVpc(args.vpcCidr), undefined);
  const directory = read(parsePath(args.directory ?? "/var/named", "directory"), "");
  const logFile = read(parsePath(args.logFile ?? "/var/log/named/bind.log", "logFile"), "");
  if (!/^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$/.test(args.region)) {
    problems.push({
      key: "region",
      reason: `${JSON.stringify(args.region.slice(0, 40))} is not a region`,
      remedy: "write it like us-east-1",
    });
  }
  const others = [internalDomain(args.region), ...(vpc ? reverseZones(vpc) : [])];
  if (others.includes(privateZone)) {
    problems.push({
      key: "privateZone",
      reason: `${privateZone} is a zone that AWS itself answers for`,
      remedy: "take a subdomain of the intranet's domain",
    });
  }
  if (problems.length > 0) return refused(...problems);
  return planned(render({ clients, resolver, directory, logFile, zones: [privateZone, ...others] }));
}

interface Values {
  clients: string[];
  resolver: string;
  directory: string;
  logFile: string;
  zones: string[];
}

function render({ clients, resolver, directory, logFile, zones }: Values): string {
  // IPv6 only where somebody may ask over it: each open socket is one more to guard.
  const listenV6 = clients.some((client) => client.includes(":")) ? "any" : "none";
  const zoneText = zones.map(
    (zone) => `zone "${zone}" IN {
    type forward;
    forward only;
    forwarders { ${resolver}; };
};
`,
  );
  return `// Written by the lab's stack. Changes made here are overwritten by the next update.

acl goodclients {
    localhost;
${clients.map((client) => `    ${client};\n`).join("")}};

options {
    directory "${directory}";
    listen-on { any; };
    listen-on-v6 { ${listenV6}; };

    // Who may ask. All three: each has a default of its own.
    recursion yes;
    allow-query { goodclients; };
    allow-recursion { goodclients; };
    allow-query-cache { goodclients; };
    allow-transfer { none; };
    allow-update { none; };
    notify no;
    version none;
    hostname none;
    server-id none;

    // Whom to ask. "forward first" would go to the internet's roots for names that only the VPC knows, and would
    // answer reverse queries of private addresses from built-in empty zones.
    forwarders { ${resolver}; };
    forward only;

    // The VPC's resolver returns no DNSSEC records, and private zones cannot be signed.
    dnssec-validation no;

    // After a failover nobody may get the old address: no stale answers, and "no such name" is soon forgotten.
    stale-answer-enable no;
    max-ncache-ttl 10;

    minimal-responses yes;
};

logging {
    channel simple_log {
        file "${logFile}" versions 3 size 5m;
        severity warning;
        print-time yes;
        print-severity yes;
        print-category yes;
    };
    category default { simple_log; };
    category client { simple_log; };
};

${zoneText.join("\n")}`;
}

/** A block or address of clients. Keywords and negations of BIND (`any`, `!`, keys) are no addresses, hence refused. */
function parseClient(text: string, key: string): Planned<string> {
  if (!text.includes("/")) {
    const address = parseAddress(text, key);
    if (address.ok) return address;
    const remedy = "list blocks or addresses, e.g. 10.0.0.0/16";
    return refused(...address.problems.map((problem) => ({ ...problem, remedy })));
  }
  const cidr = parseCidr(text, key);
  if (!cidr.ok) return cidr;
  if (cidr.value.prefix >= SHORTEST_PREFIX[cidr.value.family]) return planned(cidr.value.text);
  return refused({
    key,
    reason: `${cidr.value.text} opens the forwarder to far more than an intranet`,
    remedy: "list the intranet's and the VPC's own blocks",
  });
}

function parseResolver(text: string): Planned<string> {
  const address = parseAddress(text, "resolver");
  if (!address.ok) return address;
  const bad = NOT_A_RESOLVER.some((text) => {
    const block = parseCidr(text);
    return block.ok && containsAddress(block.value, address.value);
  });
  if (!bad) return address;
  return refused({
    key: "resolver",
    reason: `no resolver answers at ${address.value}`,
    remedy: "give the VPC's base address + 2, e.g. 10.0.0.2",
  });
}

function parseVpc(text: string): Planned<Cidr> {
  const cidr = parseCidr(text, "vpcCidr");
  if (!cidr.ok || (cidr.value.family === 4 && cidr.value.prefix >= 8)) return cidr;
  return refused({
    key: "vpcCidr",
    reason: `${cidr.value.text} is not the IPv4 block of a VPC`,
    remedy: "give the VPC's block, e.g. 10.0.0.0/16",
  });
}

/** Paths stand in quotes in the file; none of these characters ends a quoted string or begins an escape. */
function parsePath(text: string, key: string): Planned<string> {
  if (/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(text) && text.length < 256) return planned(text);
  return refused({
    key,
    reason: `${JSON.stringify(text.slice(0, 80))} is not an absolute path of plain characters`,
    remedy: "use letters, digits, dots, dashes and slashes, e.g. /var/named",
  });
}
