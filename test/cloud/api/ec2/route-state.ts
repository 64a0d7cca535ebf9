import { itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { stateOf } from "./instance-state";
import type { RegionState } from "./region-state";
import type { Kind } from "./sources";

/**
 * Route tables with each route's state: `blackhole` when its target cannot take traffic, because it is gone, detached
 * or its instance does not run. A route to an interface also shows the instance that it is attached to, and its owner.
 */
export async function shownRouteTables(region: RegionState): Promise<XmlElement[]> {
  const tables = await region.raw("routeTables");
  const routes = tables.flatMap((table) => itemsAt(table, "routeSet"));
  const used = (field: string, kind: Kind): Promise<XmlElement[]> =>
    routes.some((route) => textAt(route, field) !== "") ? region.raw(kind) : Promise.resolve([]);
  const targets: Targets = {
    region,
    interfaces: byId(await used("networkInterfaceId", "networkInterfaces"), "networkInterfaceId"),
    instances: byId(await used("networkInterfaceId", "instances"), "instanceId"),
    nats: byId(await used("natGatewayId", "natGateways"), "natGatewayId"),
    gateways: byId(await used("gatewayId", "internetGateways"), "internetGatewayId"),
    attachments: await used("transitGatewayId", "transitGatewayVpcAttachments"),
  };
  return tables.map((table) => {
    const vpcId = textAt(table, "vpcId");
    return {
      ...table,
      routeSet: { item: itemsAt(table, "routeSet").map((route) => shown(route, vpcId, targets)) },
    };
  });
}

interface Targets {
  region: RegionState;
  interfaces: Map<string, XmlElement>;
  instances: Map<string, XmlElement>;
  nats: Map<string, XmlElement>;
  gateways: Map<string, XmlElement>;
  attachments: XmlElement[];
}

function byId(items: XmlElement[], field: string): Map<string, XmlElement> {
  return new Map(items.map((item) => [textAt(item, field), item]));
}

function shown(route: XmlElement, vpcId: string, targets: Targets): XmlElement {
  const eniId = textAt(route, "networkInterfaceId");
  if (eniId !== "") return throughInterface(route, eniId, targets);
  return { ...route, state: isUsable(route, vpcId, targets) ? "active" : "blackhole" };
}

function throughInterface(route: XmlElement, eniId: string, targets: Targets): XmlElement {
  const instanceId = textAt(targets.interfaces.get(eniId), "attachment.instanceId");
  const instance = targets.instances.get(instanceId);
  if (instance === undefined) return { ...route, state: "blackhole" };
  const runs = ["pending", "running"].includes(stateOf(targets.region, instance).name);
  const { destinationCidrBlock = "", ...rest } = route;
  const owner = { instanceId, instanceOwnerId: textAt(instance, "#ownerId") };
  return { destinationCidrBlock, ...owner, ...rest, state: runs ? "active" : "blackhole" };
}

function isUsable(route: XmlElement, vpcId: string, targets: Targets): boolean {
  const natId = textAt(route, "natGatewayId");
  if (natId !== "") return ["pending", "available"].includes(textAt(targets.nats.get(natId), "state"));
  const gatewayId = textAt(route, "gatewayId");
  if (gatewayId.startsWith("igw-")) {
    return itemsAt(targets.gateways.get(gatewayId), "attachmentSet").some(
      (one) => textAt(one, "vpcId") === vpcId,
    );
  }
  const transitId = textAt(route, "transitGatewayId");
  if (transitId === "") return true;
  return targets.attachments.some(
    (one) =>
      textAt(one, "transitGatewayId") === transitId &&
      textAt(one, "vpcId") === vpcId &&
      textAt(one, "state") === "available",
  );
}
