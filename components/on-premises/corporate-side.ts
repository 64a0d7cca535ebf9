import { accepted, refuse } from "../dns/accepted";
import { type CorporateDns, planCorporateDns } from "../dns/corporate.plan";
import { reverseZones } from "../dns/zones.plan";
import { parseCidr } from "../network/cidr.plan";
import { type LinkRoutes, planLinkRoutes } from "./routes.plan";

export interface CorporateSideArgs {
  /** The private hosted zone, e.g. awslab.mycompany.corp. */
  privateZone: string;
  vpcCidr: string;
  /** Addresses of the forwarders or of the Resolver endpoint, preferred first; at least two. */
  dnsServers: readonly string[];
  /** The overlay address as a host route, e.g. 192.168.10.1/32. */
  overlayAddress: string;
  /** Blocks of the corporate network. */
  intranetCidrs: readonly string[];
  /** The corporate router that leads to AWS, for the commands. @default a placeholder, `ROUTER` */
  router?: string;
}

/** What the people who run the corporate network have to set up, as texts to be pasted: fit for stack outputs. */
export interface CorporateSide {
  /** Conditional forwarding of the private zone and the VPC's reverse zones, for each DNS server, and `resolv.conf`. */
  dns: CorporateDns;
  /** What leads to AWS: blocks, and commands for Linux, Windows and Cisco IOS. */
  routes: { destinations: string[]; commands: LinkRoutes["commands"] };
}

/**
 * What the corporate side of the link needs.
 *
 * @throws InputPropertiesError with every value that cannot be used
 */
export function corporateSide(args: CorporateSideArgs): CorporateSide {
  const vpc = parseCidr(args.vpcCidr);
  const zones = [args.privateZone, ...(vpc.ok ? reverseZones(vpc.value) : [])];
  const dns = planCorporateDns({ zones, forwarders: args.dnsServers });
  const routes = planLinkRoutes(args);
  const problems = [
    ...(dns.ok ? [] : dns.problems.map((problem) => ({ ...problem, key: argumentOf(problem.key) }))),
    // The VPC's block, too, is judged here.
    ...(routes.ok ? [] : routes.problems),
  ];
  const what = "What the corporate side needs";
  refuse(what, problems);
  const { corporate, commands } = accepted(what, routes);
  return { dns: accepted(what, dns), routes: { destinations: corporate, commands } };
}

/** The planner calls some arguments by other names. */
function argumentOf(key = ""): string {
  return key.replace(/^forwarders\b/, "dnsServers").replace(/^zones\[0\]$/, "privateZone");
}
