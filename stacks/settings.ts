import { type AddressPlan, planAddresses } from "../components/network/address.plan";
import { describeProblems } from "../components/network/problem.plan";
import { isDomainName, isSubdomain } from "../components/dns/names.plan";
import { type NodeSystem, nodeSystems } from "../components/nodes/systems.plan";
import { type Cidr, contains, isHostRoute, overlaps, parseCidr } from "../components/network/cidr.plan";
import { ConfigReader, type RawConfig } from "./config-reader";

/** Everything that can be chosen about the lab, valid and complete. */
export interface Settings {
  readonly region: string;
  readonly addresses: AddressPlan;
  readonly zones: readonly string[];
  readonly egress: "none" | "nat";
  readonly intranet: { readonly domain: string; readonly cidrs: readonly string[] };
  readonly privateZone: string;
  readonly service: { readonly name: string; readonly ttl: number; readonly port: number };
  /** Destination of the overlay route, a /32. */
  readonly overlay: string;
  /** The node that is to be active, per service; undefined = stay. */
  readonly active: {
    readonly overlay?: OverlayNode;
    readonly eni?: EniNode;
    readonly dns?: OverlayNode;
  };
  readonly nodes: {
    readonly system: NodeSystem;
    readonly instanceType: string;
    readonly rootVolumeGiB: number;
    readonly keyName?: string;
  };
  readonly tags: Readonly<Record<string, string>>;
}

export const overlayNodes = ["node1", "node2"] as const;
export type OverlayNode = (typeof overlayNodes)[number];
export const eniNodes = ["node-a", "node-b"] as const;
export type EniNode = (typeof eniNodes)[number];

/** All keys, in the order of Pulumi.yaml. */
export const settingKeys = [
  "zones",
  "vpcCidr",
  "egress",
  "intranetDomain",
  "intranetCidrs",
  "privateZone",
  "serviceName",
  "serviceTtl",
  "servicePort",
  "overlayAddress",
  "overlayActive",
  "eniActive",
  "dnsActive",
  "nodeSystem",
  "nodeInstanceType",
  "nodeRootVolumeGiB",
  "keyName",
  "tags",
] as const;

/** All that is wrong with a stack's settings, in one message without a stack trace. */
export class SettingsError extends Error {
  constructor(readonly problems: ConfigReader["problems"]) {
    super(
      `${problems.length === 1 ? "One setting" : `${problems.length} settings`} of this stack cannot be used:\n` +
        `${describeProblems(problems)}\nChange them with: pulumi config set KEY VALUE (or pulumi config rm KEY).`,
    );
  }
}

/**
 * Turns a stack's configuration into settings.
 * @param raw values of the project's own keys; Pulumi.yaml supplies the defaults
 * @param region AWS region, e.g. us-east-1
 * @param availableZones the region's zones, needed if the stack names none: the first two are used
 * @throws SettingsError with every problem, each with its key and its remedy
 */
export function readSettings(
  raw: RawConfig,
  region: string,
  availableZones: readonly string[] = [],
): Settings {
  const config = new ConfigReader(raw);
  config.reportUnknown(settingKeys);
  const zones = readZones(config, region, availableZones);
  const egress = config.oneOf("egress", ["none", "nat"]);
  const addresses = readAddresses(config, zones, egress);
  const vpc = addresses === undefined ? undefined : block(config, "vpcCidr", addresses.vpcCidr);
  const intranet = readIntranet(config, vpc);
  const overlay = readOverlay(config, vpc, intranet.blocks);
  const names = readNames(config, intranet.domain);
  const ttl = config.integer("serviceTtl", 1, 300);
  const port = config.integer("servicePort", 1024, 65535);
  const active = {
    overlay: config.optionalOneOf("overlayActive", overlayNodes),
    eni: config.optionalOneOf("eniActive", eniNodes),
    dns: config.optionalOneOf("dnsActive", overlayNodes),
  };
  const system = config.oneOf("nodeSystem", nodeSystems);
  const instanceType = config.matching(
    "nodeInstanceType",
    /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
    "an EC2 instance type like t3.micro",
  );
  const rootVolumeGiB = config.integer("nodeRootVolumeGiB", 8, 1024);
  const keyName = config.optionalMatching(
    "keyName",
    /^[\x21-\x7e][\x20-\x7e]{0,254}$/,
    "the name of an EC2 key pair",
  );
  const tags = readTags(config);

  const found = {
    egress,
    domain: intranet.domain,
    zone: names.zone,
    name: names.service,
    ttl,
    port,
    overlay,
  };
  const nodes = { system, instanceType, rootVolumeGiB };
  if (config.problems.length > 0) throw new SettingsError(config.problems);
  const { domain: intranetDomain, zone, name, ...rest } = complete(found);
  return {
    region,
    addresses: complete({ addresses }).addresses,
    zones,
    egress: rest.egress,
    intranet: { domain: intranetDomain, cidrs: intranet.blocks.map((range) => range.text) },
    privateZone: zone,
    service: { name, ttl: rest.ttl, port: rest.port },
    overlay: rest.overlay,
    active,
    nodes: { ...complete(nodes), keyName },
    tags: complete({ tags }).tags,
  };
}

/** A value that is missing although nothing was reported is a mistake in this file, not the user's. */
function complete<T extends object>(values: T): { [K in keyof T]: NonNullable<T[K]> } {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) throw new Error(`The setting ${name} was neither read nor reported`);
  }
  return values as { [K in keyof T]: NonNullable<T[K]> };
}

function readZones(config: ConfigReader, region: string, available: readonly string[]): readonly string[] {
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

function readAddresses(
  config: ConfigReader,
  zones: readonly string[],
  egress: "none" | "nat" | undefined,
): AddressPlan | undefined {
  const vpcCidr = config.text("vpcCidr");
  if (vpcCidr === undefined) return undefined;
  const plan = planAddresses({ vpcCidr, zones, egress: egress ?? "none" });
  if (plan.ok) return plan.value;
  config.problems.push(...plan.problems);
  return undefined;
}

function block(config: ConfigReader, key: string, text: string): Cidr | undefined {
  const parsed = parseCidr(text, key);
  if (parsed.ok) return parsed.value;
  config.problems.push(...parsed.problems);
  return undefined;
}

function readIntranet(config: ConfigReader, vpc: Cidr | undefined): { domain?: string; blocks: Cidr[] } {
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

function readOverlay(
  config: ConfigReader,
  vpc: Cidr | undefined,
  intranet: readonly Cidr[],
): string | undefined {
  const text = config.text("overlayAddress");
  if (text === undefined) return undefined;
  const parsed = block(config, "overlayAddress", text.includes("/") ? text : `${text}/32`);
  if (parsed === undefined) return undefined;
  if (parsed.family !== 4 || !isHostRoute(parsed)) {
    return config.report(
      "overlayAddress",
      `${text} is not one IPv4 address`,
      "write one address, like 192.168.10.1",
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

function readNames(
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

/** Limits of AWS: 50 tags a resource, of which the lab sets Name and Lab itself. */
function readTags(config: ConfigReader): Record<string, string> | undefined {
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
