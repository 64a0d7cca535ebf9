import type { AddressPlan } from "../components/network/address.plan";
import { describeProblems, type Problem } from "../components/network/problem.plan";
import { type NodeSystem, nodeSystems } from "../components/nodes/systems.plan";
import { ConfigReader, type RawConfig } from "./config-reader";
import {
  block,
  type Forwarding,
  instanceTypes,
  judgeSystem,
  readAddresses,
  readForwarding,
  readIntranet,
  readNames,
  readOverlay,
  readTags,
  readTransitGateway,
  readZones,
  type TransitGateway,
} from "./settings-readers";

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
  /** Whether a hanging detachment of the floating ENI may be forced. */
  readonly eniForceDetach: boolean;
  readonly forwarding: Forwarding;
  /** The transit gateway of the link to the corporate network; undefined: there is no link. */
  readonly transitGateway?: TransitGateway;
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
  "eniForceDetach",
  "dnsForwarding",
  "forwarderInstanceType",
  "forwarderSshUser",
  "forwarderHostKeys",
  "transitGateway",
  "transitGatewayRouteTable",
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
 * @param found what is wrong with the stack besides, to be reported together
 * @throws SettingsError with every problem, each with its key and its remedy
 */
export function readSettings(
  raw: RawConfig,
  region: string,
  availableZones: readonly string[] = [],
  found: readonly Problem[] = [],
): Settings {
  const config = new ConfigReader(raw);
  config.problems.push(...found);
  config.reportUnknown(settingKeys);
  const zones = readZones(config, region, availableZones);
  const egress = config.oneOf("egress", ["none", "nat"]);
  const transitGateway = readTransitGateway(config);
  const addresses = readAddresses(config, zones, egress, transitGateway !== undefined);
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
    instanceTypes,
    "an EC2 instance type like t3.micro",
  );
  const rootVolumeGiB = config.integer("nodeRootVolumeGiB", 8, 1024);
  const keyName = config.optionalMatching(
    "keyName",
    /^[\x21-\x7e][\x20-\x7e]{0,254}$/,
    "the name of an EC2 key pair",
  );
  const force = config.oneOf("eniForceDetach", ["true", "false"]);
  const forwarding = readForwarding(config);
  if (system !== undefined) judgeSystem(config, system, { rootVolumeGiB, egress, forwarding });
  const tags = readTags(config);

  const values = {
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
  const { domain: intranetDomain, zone, name, ...rest } = complete(values);
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
    eniForceDetach: force === "true",
    forwarding: complete({ forwarding }).forwarding,
    transitGateway,
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
