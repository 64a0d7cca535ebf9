/** Reading settings that belong together, and judging them against each other. */
import { isDomainName, isSubdomain } from "../components/dns/names.plan";
import { type AddressPlan, planAddresses } from "../components/network/address.plan";
import { type Cidr, contains, isHostRoute, overlaps, parseCidr } from "../components/network/cidr.plan";
import { hasPackagesInS3, imageGiB, type NodeSystem } from "../components/nodes/systems.plan";
import type { ConfigReader } from "./config-reader";

/** How the corporate DNS reaches the private zone. */
export interface Forwarding {
  readonly forwarders: boolean;
  readonly endpoint: boolean;
  /** Of the forwarders. */
  readonly instanceType: string;
  /** Set: changes reach running forwarders over SSH. */
  readonly sshUser?: string;
  /** Public host keys by forwarder; none: they are not checked. */
  readonly hostKeys: Readonly<Record<string, string>>;
}

/** A new one, or an existing one with the route table that the corporate attachment is associated with. */
export type TransitGateway = "new" | { readonly id: string; readonly routeTableId?: string };

export const instanceTypes = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

export function readZones(
  config: ConfigReader,
  region: string,
  available: readonly string[],
): readonly string[] {
  const chosen = config.list("zones") ?? [];
  for (const zone of chosen) {
    if (!zone.startsWith(region)) {
      config.report(
        "zones",
        `${zone} is not in region ${region}`,
        `list zones of ${region}, or change aws:region`,
      );
    } else if (!/^[a-z0-9-]+[a-z]$/.test(zone)) {
      config.report("zones", `${JSON.stringify(zone)} is not a zone's name`, `list zones like ${region}a`);
    }
  }
  return chosen.length > 0 ? chosen : available.slice(0, 2);
}

export function readAddresses(
  config: ConfigReader,
  zones: readonly string[],
  egress: "none" | "nat" | undefined,
  onPremisesLink: boolean,
): AddressPlan | undefined {
  const vpcCidr = config.text("vpcCidr");
  if (vpcCidr === undefined) return undefined;
  const plan = planAddresses({ vpcCidr, zones, egress: egress ?? "none", onPremisesLink });
  if (plan.ok) return plan.value;
  config.problems.push(...plan.problems);
  return undefined;
}

export function block(config: ConfigReader, key: string, text: string): Cidr | undefined {
  const parsed = parseCidr(text, key);
  if (parsed.ok) return parsed.value;
  config.problems.push(...parsed.problems);
  return undefined;
}

export function readIntranet(
  config: ConfigReader,
  vpc: Cidr | undefined,
): { domain?: string; blocks: Cidr[] } {
  const list = config.list("intranetCidrs");
  if (list?.length === 0) {
    config.report(
      "intranetCidrs",
      "is empty, so nobody outside the VPC could use the services",
      "list at least one range",
    );
  }
  const blocks = (list ?? []).flatMap((text) => block(config, "intranetCidrs", text) ?? []);
  for (const range of blocks) {
    if (vpc !== undefined && overlaps(range, vpc)) {
      config.report(
        "intranetCidrs",
        `${range.text} overlaps the VPC ${vpc.text}`,
        "choose another vpcCidr, or narrow the range",
      );
    }
    if (range.prefix === 0) {
      config.report(
        "intranetCidrs",
        `${range.text} is the whole internet`,
        "list the corporate network's own ranges",
      );
    }
  }
  return { domain: domain(config, "intranetDomain"), blocks };
}

/** The route's destination for one IPv4 address, with or without its length. */
function hostRoute(text: string): Cidr | undefined {
  const parsed = parseCidr(text.includes("/") ? text : `${text}/32`);
  return parsed.ok && parsed.value.family === 4 && isHostRoute(parsed.value) ? parsed.value : undefined;
}

export function readOverlay(
  config: ConfigReader,
  vpc: Cidr | undefined,
  intranet: readonly Cidr[],
): string | undefined {
  const text = config.text("overlayAddress");
  if (text === undefined) return undefined;
  const parsed = hostRoute(text);
  if (parsed === undefined) {
    // Of 192.168.10.7/24 the address is what was meant; of 192.168.10.0/24 nobody knows.
    const [address = ""] = text.split("/");
    const meant = parseCidr(text).ok ? undefined : hostRoute(address);
    return config.report(
      "overlayAddress",
      `${JSON.stringify(text)} is not one IPv4 address`,
      `write one address, like ${meant === undefined ? "192.168.10.1" : address}`,
    );
  }
  if (vpc !== undefined && contains(vpc, parsed)) {
    return config.report(
      "overlayAddress",
      `${parsed.text} is inside the VPC ${vpc.text}, whose local route always wins`,
      "choose an address outside the VPC, like 192.168.10.1",
    );
  }
  const range = intranet.find((candidate) => contains(candidate, parsed));
  if (range !== undefined) {
    return config.report(
      "overlayAddress",
      `${parsed.text} is inside the intranet's ${range.text}, whose routers would keep it there`,
      "choose an address outside the intranet's ranges, like 192.168.10.1",
    );
  }
  return parsed.text;
}

/** The name also when it is reported, so that what depends on it is judged in the same run. */
function domain(config: ConfigReader, key: string): string | undefined {
  const name = config.text(key)?.replace(/\.$/, "").toLowerCase();
  if (name !== undefined && !isDomainName(name)) {
    config.report(
      key,
      `${JSON.stringify(name)} is not a domain name`,
      "use labels of a-z, 0-9 and -, joined by dots",
    );
  }
  return name;
}

export function readNames(
  config: ConfigReader,
  intranetDomain: string | undefined,
): { zone?: string; service?: string } {
  const zone = domain(config, "privateZone");
  const service = domain(config, "serviceName");
  if (zone !== undefined && intranetDomain !== undefined && !isSubdomain(zone, intranetDomain)) {
    config.report(
      "privateZone",
      `${zone} is not a subdomain of ${intranetDomain}, so the corporate DNS could not forward it`,
      `use a name like awslab.${intranetDomain}`,
    );
  }
  if (service !== undefined && zone !== undefined && !isSubdomain(service, zone)) {
    config.report(
      "serviceName",
      `${service} is not within the private zone ${zone}`,
      `use a name like myservice.${zone}`,
    );
  }
  return { zone, service };
}

const ways = ["forwarders", "resolver-endpoint", "both"] as const;

export function readForwarding(config: ConfigReader): Forwarding | undefined {
  const way = config.oneOf("dnsForwarding", ways);
  const instanceType = config.matching(
    "forwarderInstanceType",
    instanceTypes,
    "an EC2 instance type like t3.micro",
  );
  const sshUser = config.optionalMatching(
    "forwarderSshUser",
    /^[a-z_][a-z0-9_-]{0,31}$/,
    "the name of a user like ec2-user",
  );
  const hostKeys = readHostKeys(config);
  if (way === undefined || instanceType === undefined || hostKeys === undefined) return undefined;
  return {
    forwarders: way !== "resolver-endpoint",
    endpoint: way !== "forwarders",
    instanceType,
    sshUser,
    hostKeys,
  };
}

/** What an operating system demands of other settings. */
export function judgeSystem(
  config: ConfigReader,
  system: NodeSystem,
  { rootVolumeGiB, egress, forwarding }: { rootVolumeGiB?: number; egress?: string; forwarding?: Forwarding },
): void {
  const least = imageGiB[system];
  if (rootVolumeGiB !== undefined && rootVolumeGiB < least) {
    config.report(
      "nodeRootVolumeGiB",
      `${rootVolumeGiB} GiB are less than the ${least} GiB of the images of ${system}`,
      `use ${least} or more`,
    );
  }
  if (egress === "none" && forwarding?.forwarders === true && !hasPackagesInS3[system]) {
    config.report(
      "egress",
      `is none, and the forwarders could not install BIND: the package servers of ${system} are on the internet`,
      "set egress to nat, dnsForwarding to resolver-endpoint, or nodeSystem to amazon-linux-2023",
    );
  }
}

const forwarderNames = ["forwarder1", "forwarder2"];

/**
 * No RSA: of a host key that is fixed, the command plugin offers the kind as it is written in the key to the server, and
 * `ssh-rsa` means signatures by SHA-1, which OpenSSH refuses since 8.8.
 */
const usableHostKey = /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}$/;

/** Without any, host keys are not checked; with one, all are. */
function readHostKeys(config: ConfigReader): Record<string, string> | undefined {
  const keys = config.map("forwarderHostKeys");
  if (keys === undefined) return undefined;
  const given = Object.keys(keys);
  for (const name of given.filter((one) => !forwarderNames.includes(one)))
    config.report(
      `forwarderHostKeys.${name}`,
      `${JSON.stringify(name)} is no forwarder`,
      `use: ${forwarderNames.join(", ")}`,
    );
  for (const name of forwarderNames.filter((one) => given.length > 0 && !given.includes(one)))
    config.report(
      `forwarderHostKeys.${name}`,
      "is missing, so that whoever answers would be believed",
      "give the keys of both",
    );
  for (const [name, key] of Object.entries(keys)) {
    if (usableHostKey.test(key)) continue;
    const [kind = ""] = key.split(" ");
    config.report(
      `forwarderHostKeys.${name}`,
      kind === "ssh-rsa"
        ? "is an RSA key, which the command plugin cannot check"
        : "is not a public host key",
      "write the kind and the key as `ssh-keyscan -t ed25519,ecdsa HOST` prints them, like: ssh-ed25519 AAAA…",
    );
  }
  return keys;
}

/** Undefined: no link is wanted, or it is wrong, which has been reported then. */
export function readTransitGateway(config: ConfigReader): TransitGateway | undefined {
  const value = config.text("transitGateway");
  const routeTableId = config.optionalMatching(
    "transitGatewayRouteTable",
    /^tgw-rtb-[0-9a-f]{8,17}$/,
    "an id like tgw-rtb-0123456789abcdef0",
  );
  if (value === undefined || value === "none") return undefined;
  if (value === "new") return "new";
  if (!/^tgw-[0-9a-f]{8,17}$/.test(value)) {
    return config.report(
      "transitGateway",
      `${JSON.stringify(value)} is unknown`,
      "use none, new, or an id like tgw-0123456789abcdef0",
    );
  }
  return { id: value, ...(routeTableId === undefined ? {} : { routeTableId }) };
}

/** Limits of AWS: 50 tags a resource, of which the lab sets Name and Lab itself. */
export function readTags(config: ConfigReader): Record<string, string> | undefined {
  const tags = config.map("tags");
  if (tags === undefined) return undefined;
  for (const [key, value] of Object.entries(tags)) {
    if (/^aws:/i.test(key))
      config.report(`tags.${key}`, "tags that begin with aws: are Amazon's own", "use another name");
    if (key === "Name" || key === "Lab")
      config.report(`tags.${key}`, "is set by the lab", "use another name");
    if (key === "" || key.length > 128)
      config.report(`tags.${key.slice(0, 20)}`, "a tag's name has 1 to 128 characters", "use another name");
    if (value.length > 256)
      config.report(`tags.${key}`, "a tag's value has at most 256 characters", "shorten it");
  }
  if (Object.keys(tags).length > 48)
    config.report("tags", "more than 48 tags", "AWS allows 50 a resource, and the lab uses 2");
  return tags;
}
