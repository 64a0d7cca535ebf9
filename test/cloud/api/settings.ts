/** How the offline cloud behaves where AWS takes time, or has a limit. All times are in milliseconds. */
export interface CloudSettings {
  /** How long a Route 53 change stays PENDING. AWS: generally within 60 s. */
  route53PendingMs: number;
  /** How long a change to a zone that arrives while another is PENDING is refused (PriorRequestNotComplete). */
  route53PriorRequestMs: number;
  /** How long an ENI stays `detaching`. AWS: seconds to minutes. */
  detachMs: number;
  /** How long an ENI stays `attaching`. */
  attachMs: number;
  /** How long a started instance stays `pending`. */
  instancePendingMs: number;
  /** How long an instance stays `stopping`. */
  instanceStoppingMs: number;
  /** How long an instance stays `shutting-down`. */
  instanceTerminatingMs: number;
  /** How long the status checks of a running instance say `initializing`. */
  statusCheckMs: number;
  /** How long EC2's describes still show what was before a change. 0: never. */
  staleReadMs: number;
  /** Packets a second that one network interface may send to the resolver of its VPC; what is more is dropped. */
  resolverPacketsPerSecond: number;
}

export const DEFAULT_SETTINGS: Readonly<CloudSettings> = {
  route53PendingMs: 200,
  route53PriorRequestMs: 0,
  detachMs: 100,
  attachMs: 0,
  instancePendingMs: 100,
  instanceStoppingMs: 100,
  instanceTerminatingMs: 100,
  statusCheckMs: 100,
  staleReadMs: 0,
  resolverPacketsPerSecond: 1024,
};

/**
 * The settings that result from a change.
 *
 * @throws TypeError that names every unknown key and every value that is not a number from 0 on
 */
export function changedSettings(current: CloudSettings, change: unknown): CloudSettings {
  if (typeof change !== "object" || change === null || Array.isArray(change)) {
    throw new TypeError('Settings are one JSON object, such as {"detachMs": 2000}');
  }
  const problems = Object.entries(change).flatMap(([key, value]) => {
    if (!(key in DEFAULT_SETTINGS))
      return [`${key}: unknown; known are ${Object.keys(DEFAULT_SETTINGS).join(", ")}`];
    const valid = typeof value === "number" && Number.isFinite(value) && value >= 0;
    return valid ? [] : [`${key}: must be a number, 0 or more, but is ${JSON.stringify(value)}`];
  });
  if (problems.length > 0) throw new TypeError(`Settings not changed. ${problems.join("; ")}`);
  return { ...current, ...change };
}
