import { randomUUID } from "node:crypto";
import type { Fault, FaultKind, FaultSpec } from "../admin/types";
import type { Call } from "./call";

const KINDS: readonly FaultKind[] = ["error", "lost-reply", "delay", "slow", "stale"];
const KEYS = new Set([
  "kind",
  "action",
  "service",
  "nth",
  "count",
  "match",
  "code",
  "message",
  "status",
  "ms",
]);

/** The faults that are set, and which call they hit. */
export class Faults {
  private faults: Fault[] = [];

  list(): Fault[] {
    return this.faults.map((fault) => ({ ...fault }));
  }

  /** @throws TypeError that names everything that is wrong with the description */
  add(value: unknown): Fault {
    const fault: Fault = { ...checkedSpec(value), id: randomUUID(), seen: 0, fired: 0 };
    this.faults.push(fault);
    return { ...fault };
  }

  /** Removes one, or all. Whether there was one. */
  remove(id?: string): boolean {
    const before = this.faults.length;
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  /** Those that hit this call. Counts the call. */
  take(call: Call): Fault[] {
    return this.faults.filter((fault) => {
      if (!matches(fault, call)) return false;
      fault.seen += 1;
      const first = fault.nth ?? 1;
      const hit =
        fault.seen >= first && (fault.count === "unlimited" || fault.seen < first + (fault.count ?? 1));
      if (hit) fault.fired += 1;
      return hit;
    });
  }
}

function matches(fault: FaultSpec, call: Call): boolean {
  if (fault.action !== "*" && fault.action !== call.action) return false;
  if (fault.service !== undefined && fault.service !== call.service) return false;
  return Object.entries(fault.match ?? {}).every(([name, value]) => call.params[name] === value);
}

function checkedSpec(value: unknown): FaultSpec {
  if (typeof value !== "object" || value === null) throw new TypeError("A fault is one JSON object");
  const spec = value as Partial<FaultSpec>;
  const positive = (number: unknown): boolean => Number.isInteger(number) && Number(number) >= 1;
  const problems = [
    ...Object.keys(spec)
      .filter((key) => !KEYS.has(key))
      .map((key) => `${key}: unknown; known are ${[...KEYS].join(", ")}`),
    ...(spec.kind !== undefined && KINDS.includes(spec.kind)
      ? []
      : [`kind: must be one of ${KINDS.join(", ")}`]),
    ...(typeof spec.action === "string" ? [] : ["action: must be an API action, or * for any"]),
    ...(spec.nth === undefined || positive(spec.nth) ? [] : ["nth: must be a whole number from 1 on"]),
    ...(spec.count === undefined || spec.count === "unlimited" || positive(spec.count)
      ? []
      : ['count: must be a whole number from 1 on, or "unlimited"']),
    ...((spec.kind === "delay" || spec.kind === "slow") && typeof spec.ms !== "number"
      ? ["ms: a delay needs its milliseconds"]
      : []),
  ];
  if (problems.length > 0) throw new TypeError(`Fault not set. ${problems.join("; ")}`);
  return spec as FaultSpec;
}
