import { textAt, type XmlElement } from "../gateway/xml";
import type { InstanceState, RegionState } from "./region-state";

export const STATES = {
  pending: { code: "0", name: "pending" },
  running: { code: "16", name: "running" },
  "shutting-down": { code: "32", name: "shutting-down" },
  terminated: { code: "48", name: "terminated" },
  stopping: { code: "64", name: "stopping" },
  stopped: { code: "80", name: "stopped" },
} as const;

/** The state as AWS shows it: what is passing, else what moto has. */
export function stateOf(region: RegionState, instance: XmlElement): InstanceState {
  const passing = region.passing.get(textAt(instance, "instanceId"));
  return (
    passing ?? { code: textAt(instance, "instanceState.code"), name: textAt(instance, "instanceState.name") }
  );
}
