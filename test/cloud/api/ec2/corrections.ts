import { itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { shownAddresses, withElasticAddresses } from "./elastic-addresses";
import { stateOf } from "./instance-state";
import { shownStatuses } from "./instance-status";
import type { InstanceState, RegionState } from "./region-state";
import { shownRouteTables } from "./route-state";
import type { Kind } from "./sources";
import { shownVolumes } from "./volumes";

/** The resources of a kind as AWS would show them. */
export async function corrected(region: RegionState, kind: Kind): Promise<XmlElement[]> {
  switch (kind) {
    case "addresses":
      return shownAddresses(region);
    case "instances":
      return shownInstances(region);
    case "instanceStatuses":
      return shownStatuses(region);
    case "networkInterfaces":
      return shownInterfaces(region);
    case "routeTables":
      return shownRouteTables(region);
    case "volumes":
      return shownVolumes(region);
    default:
      return region.raw(kind);
  }
}

const TERMINATED = "terminated";

async function shownInterfaces(region: RegionState): Promise<XmlElement[]> {
  const addresses = await region.raw("addresses");
  return (await region.raw("networkInterfaces")).map((raw) => {
    const eni = withElasticAddresses(raw, addresses);
    const { status = "", attachment, ...rest } = eni;
    const passing = region.attachments.get(textAt(eni, "networkInterfaceId"));
    if (typeof attachment !== "object" || Array.isArray(attachment)) return { ...rest, status };
    return {
      ...rest,
      attachment: { ...attachment, ...(passing ? { status: passing } : {}) },
      status: "in-use",
    };
  });
}

async function shownInstances(region: RegionState): Promise<XmlElement[]> {
  const [instances, interfaces] = await Promise.all([
    region.raw("instances"),
    region.list("networkInterfaces"),
  ]);
  return instances.map((instance) => {
    const state = stateOf(region, instance);
    if (textAt(instance, "instanceState.name") === TERMINATED) return shownTerminated(instance, state);
    const id = textAt(instance, "instanceId");
    const own = interfaces
      .filter((eni) => textAt(eni, "attachment.instanceId") === id)
      .sort((a, b) => deviceIndex(a) - deviceIndex(b));
    const primary = own.find((eni) => deviceIndex(eni) === 0);
    return {
      ...withPublicAddress(instance, textAt(primary, "association.publicIp")),
      instanceState: state,
      groupSet: primary?.groupSet ?? instance.groupSet ?? "",
      sourceDestCheck: textAt(primary, "sourceDestCheck") || "true",
      networkInterfaceSet: { item: own.map(asShownInInstance) },
    };
  });
}

/** The public address of an instance is that of its primary interface. */
function withPublicAddress(instance: XmlElement, publicIp: string): XmlElement {
  if (publicIp === textAt(instance, "ipAddress")) return instance;
  const kept = without(instance, "ipAddress");
  return publicIp === "" ? { ...kept, dnsName: "" } : { ...kept, ipAddress: publicIp };
}

/** AWS forgets an instance's network when it is terminated. */
function shownTerminated(instance: XmlElement, state: InstanceState): XmlElement {
  const kept = without(instance, "subnetId", "vpcId", "privateIpAddress", "sourceDestCheck", "ipAddress");
  const empty = {
    networkInterfaceSet: "",
    groupSet: "",
    blockDeviceMapping: "",
    privateDnsName: "",
    dnsName: "",
  };
  return { ...kept, ...empty, instanceState: state };
}

/** DescribeInstances shows an interface without the fields that only DescribeNetworkInterfaces has. */
function asShownInInstance(eni: XmlElement): XmlElement {
  const shown = without(eni, "availabilityZone", "requesterId", "requesterManaged", "tagSet", "attachment");
  return { ...shown, attachment: without(eni.attachment as XmlElement, "instanceId", "instanceOwnerId") };
}

function without(element: XmlElement, ...names: string[]): XmlElement {
  return Object.fromEntries(Object.entries(element).filter(([name]) => !names.includes(name)));
}

function deviceIndex(eni: XmlElement): number {
  return Number(textAt(eni, "attachment.deviceIndex"));
}

/** The interface at device index 0 of an instance, of those that are shown. */
export function primaryOf(interfaces: XmlElement[], instanceId: string): XmlElement | undefined {
  return interfacesOf(interfaces, instanceId).find((eni) => deviceIndex(eni) === 0);
}

export function interfacesOf(interfaces: XmlElement[], instanceId: string): XmlElement[] {
  return interfaces.filter((eni) => textAt(eni, "attachment.instanceId") === instanceId);
}

/** The private addresses of an interface. */
export function addressesOf(eni: XmlElement): string[] {
  return itemsAt(eni, "privateIpAddressesSet").map((one) => textAt(one, "privateIpAddress"));
}
