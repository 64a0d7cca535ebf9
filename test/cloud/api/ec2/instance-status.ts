import { textAt, type XmlElement } from "../gateway/xml";
import type { RegionState } from "./region-state";

/** The status checks of every instance: `initializing` after a start, `impaired` on request, else `ok`. */
export async function shownStatuses(region: RegionState): Promise<XmlElement[]> {
  return (await region.list("instances")).map((instance) => {
    const instanceId = textAt(instance, "instanceId");
    const runs = textAt(instance, "instanceState.name") === "running";
    const checks = runs ? summary(region, instanceId) : { status: "not-applicable" };
    return {
      availabilityZone: textAt(instance, "placement.availabilityZone"),
      instanceId,
      instanceState: instance.instanceState ?? "",
      instanceStatus: checks,
      systemStatus: runs && region.impaired.has(instanceId) ? passed() : checks,
    };
  });
}

function summary(region: RegionState, instanceId: string): XmlElement {
  const impairedSince = region.impaired.get(instanceId);
  if (impairedSince !== undefined) {
    const detail = { name: "reachability", status: "failed", impairedSince };
    return { status: "impaired", details: { item: [detail] } };
  }
  if (region.initializing.has(instanceId)) {
    return { status: "initializing", details: { item: [{ name: "reachability", status: "initializing" }] } };
  }
  return passed();
}

function passed(): XmlElement {
  return { status: "ok", details: { item: [{ name: "reachability", status: "passed" }] } };
}
