/** What the resolver of a VPC (its base address + 2, and 169.254.169.253) knows and answers. Pure: values in, values out. */
import type { CloudModel, HostedZone, Vpc } from "../model";
import { autodefinedZones } from "./autodefined";
import { type Question, type Resolution, resolve } from "./resolve";
import type { Zone } from "./zone";

/** Zones of a model do not change: whatever is made of them is kept as long as the model is. */
const autodefined = new WeakMap<CloudModel, Map<string, Zone[]>>();
const visible = new WeakMap<HostedZone["versions"][number], Zone>();

/**
 * Answers a question from inside of the VPC. A private zone that is associated with the VPC answers for all names that are
 * within it and within no more specific zone, and what it does not have does not exist; at the same name it goes before
 * EC2's own names (Route 53 Developer Guide, "Considerations when working with a private hosted zone").
 *
 * @param now in milliseconds since 1970: what has not reached the resolvers by then does not count
 * @returns undefined where nobody answers: there is no such VPC, or its `enableDnsSupport` is off
 */
export function resolveInVpc(
  model: CloudModel,
  vpcId: string,
  question: Question,
  now: number,
): Resolution | undefined {
  const vpc = model.vpcs.find(({ id }) => id === vpcId);
  if (vpc?.enableDnsSupport !== true) return undefined;
  return resolve(zonesOf(model, vpc, now), question);
}

/** Id of the VPC's interface that has the address; undefined for whoever is not in the VPC, and gets no answer. */
export function interfaceInVpc(model: CloudModel, vpcId: string, address: string): string | undefined {
  return model.networkInterfaces.find((one) => one.vpcId === vpcId && one.addresses.includes(address))?.id;
}

/** Private zones, and EC2's own names, need both of the VPC's DNS attributes (VPC User Guide, "DNS attributes"). */
function zonesOf(model: CloudModel, vpc: Vpc, now: number): Zone[] {
  if (!vpc.enableDnsHostnames) return [];
  const zones = model.hostedZones.flatMap((zone) => visibleZone(zone, vpc.id, now) ?? []);
  return [...zones, ...autodefinedIn(model, vpc)];
}

function visibleZone(zone: HostedZone, vpcId: string, now: number): Zone | undefined {
  const version = zone.versions.findLast(({ visibleAt }) => visibleAt <= now);
  if (version?.vpcIds.includes(vpcId) !== true) return undefined;
  const known = visible.get(version);
  if (known !== undefined) return known;
  const made = { name: zone.name, records: version.records };
  visible.set(version, made);
  return made;
}

function autodefinedIn(model: CloudModel, vpc: Vpc): Zone[] {
  const ofModel = autodefined.get(model) ?? new Map<string, Zone[]>();
  autodefined.set(model, ofModel);
  const zones = ofModel.get(vpc.id) ?? autodefinedZones(model, vpc);
  ofModel.set(vpc.id, zones);
  return zones;
}
