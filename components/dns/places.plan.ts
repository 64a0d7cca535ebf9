import { type Cidr, parseAddress, parseCidr } from "../network/cidr.plan";
import { type Problem } from "../network/problem.plan";

/** Where something that answers DNS stands, as far as it matters for its availability. */
export interface DnsPlace {
  zone: string;
  privateIp: string;
}

/** What is wrong with the places of a pair: fewer than two, one zone, an address twice or none. */
export function placeProblems(places: readonly (readonly [string, DnsPlace])[], what: string): Problem[] {
  const problems: Problem[] = [];
  if (places.length < 2) {
    problems.push({
      key: "places",
      reason: `${places.length === 0 ? "no" : "only one"} ${what} is given, and the loss of one would be the loss of all names`,
      remedy: "give two, in two availability zones",
    });
  }
  const zones = new Set(places.map(([, { zone }]) => zone));
  if (places.length > 1 && zones.size < 2) {
    problems.push({
      key: "places",
      reason: `all stand in ${[...zones].join()}, and the loss of that zone would be the loss of all names`,
      remedy: "give subnets of two availability zones",
    });
  }
  const owners = new Map<string, string>();
  for (const [key, { privateIp }] of places) {
    const address = parseAddress(privateIp, `places.${key}.privateIp`);
    if (!address.ok) {
      problems.push(...address.problems);
      continue;
    }
    const owner = owners.get(address.value);
    if (owner !== undefined) {
      problems.push({
        key: `places.${key}.privateIp`,
        reason: `${address.value} is ${owner}'s address too`,
        remedy: "give each its own",
      });
    }
    owners.set(address.value, key);
  }
  return problems;
}

/** What is wrong with blocks that go into a security group of an IPv4 VPC. */
export function clientProblems(cidrs: readonly string[], key: string): Problem[] {
  if (cidrs.length === 0) return [{ key, reason: "nobody may ask", remedy: "list the intranet's blocks" }];
  return cidrs.flatMap((text, i) => {
    const at = `${key}[${i}]`;
    const cidr = parseCidr(text, at);
    return cidr.ok ? clientProblem(cidr.value, at) : cidr.problems;
  });
}

function clientProblem(cidr: Cidr, key: string): Problem[] {
  if (cidr.family === 6) {
    const reason = `${cidr.text} is an IPv6 block, and the VPC has IPv4 only`;
    return [{ key, reason, remedy: "list the IPv4 blocks" }];
  }
  if (cidr.prefix >= 8) return [];
  return [
    { key, reason: `${cidr.text} is far more than an intranet`, remedy: "list the intranet's own blocks" },
  ];
}
