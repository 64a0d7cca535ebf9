import { type Cidr, isHostRoute, overlaps, parseAddress, parseCidr } from "../network/cidr.plan";
import { type Planned, type Problem, planned, refused } from "../network/problem.plan";

export interface LinkRoutesArgs {
  /** Block of the VPC. */
  vpcCidr: string;
  /** The overlay address, e.g. `192.168.10.1/32`. */
  overlayAddress: string;
  /** Blocks of the corporate network. At least one. */
  intranetCidrs: readonly string[];
  /** The corporate router that leads to AWS, for the commands. @default a placeholder, `ROUTER` */
  router?: string;
}

/** The routes of the link between the corporate network and the VPC, seen from each side. */
export interface LinkRoutes {
  /** What the VPC's route tables send to the transit gateway. */
  vpc: string[];
  /**
   * What the transit gateway sends to the VPC's attachment by a static route. The VPC's own block propagates by itself;
   * the overlay address is in no VPC, so nothing but a static route leads to it.
   */
  transitGateway: string[];
  /** What corporate routers send towards AWS; with Direct Connect, these are the allowed prefixes. */
  corporate: string[];
  /** The corporate routes as commands, to be pasted. */
  commands: { linux: string; windows: string; ios: string };
}

/**
 * Plans the routes between the corporate network and the VPC, IPv4.
 *
 * @returns the routes; or every problem at once: what is not a block, overlaps, or is no host route.
 */
export function planLinkRoutes(args: LinkRoutesArgs): Planned<LinkRoutes> {
  const problems: Problem[] = [];
  const block = (text: string, key: string): Cidr | undefined => {
    const cidr = parseCidr(text, key);
    if (!cidr.ok) problems.push(...cidr.problems);
    else if (cidr.value.family === 4) return cidr.value;
    else problems.push({ key, reason: `${text} is an IPv6 block`, remedy: "give an IPv4 block" });
    return undefined;
  };
  const vpc = block(args.vpcCidr, "vpcCidr");
  const overlay = block(args.overlayAddress, "overlayAddress");
  const intranet = args.intranetCidrs.map((text, i) => block(text, `intranetCidrs[${i}]`));
  const router = args.router === undefined ? undefined : parseAddress(args.router, "router");
  if (router && !router.ok) problems.push(...router.problems);
  if (intranet.length === 0) {
    problems.push({
      key: "intranetCidrs",
      reason: "no block is given",
      remedy: "list the corporate network's blocks",
    });
  }
  if (overlay && !isHostRoute(overlay)) {
    problems.push({
      key: "overlayAddress",
      reason: `${overlay.text} is more than one address`,
      remedy: "write it as a host route, e.g. 192.168.10.1/32",
    });
  }
  if (vpc && overlay && overlaps(vpc, overlay)) {
    problems.push({
      key: "overlayAddress",
      reason: `${overlay.text} is in the VPC's block ${vpc.text}, where no route can move it`,
      remedy: "take an address outside of the VPC",
    });
  }
  intranet.forEach((one, i) => {
    for (const other of [vpc, overlay]) {
      if (one && other && overlaps(one, other)) {
        problems.push({
          key: `intranetCidrs[${i}]`,
          reason: `${one.text} overlaps ${other.text}, which is in AWS`,
          remedy: "list only what is on the corporate side",
        });
      }
    }
  });
  if (!vpc || !overlay || problems.length > 0) return refused(...problems);

  const corporate = [vpc, overlay];
  return planned({
    vpc: intranet.flatMap((one) => (one ? [one.text] : [])),
    transitGateway: [overlay.text],
    corporate: corporate.map((one) => one.text),
    commands: commands(corporate, router?.ok ? router.value : "ROUTER"),
  });
}

function commands(destinations: Cidr[], router: string): LinkRoutes["commands"] {
  const lines = (line: (cidr: Cidr, network: string) => string) =>
    `${destinations.map((cidr) => line(cidr, cidr.text.split("/")[0] ?? "")).join("\n")}\n`;
  return {
    linux: lines((cidr) => `ip route replace ${cidr.text} via ${router}`),
    windows: lines((cidr, network) => `route -p add ${network} mask ${mask(cidr)} ${router}`),
    ios: lines((cidr, network) => `ip route ${network} ${mask(cidr)} ${router}`),
  };
}

/** The prefix as a dotted mask. */
function mask(cidr: Cidr): string {
  const value = (0xffffffff << (32 - cidr.prefix)) >>> 0;
  return cidr.prefix === 0 ? "0.0.0.0" : [24, 16, 8, 0].map((bits) => (value >>> bits) & 255).join(".");
}
