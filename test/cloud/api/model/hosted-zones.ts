import type { HostedZone } from "../../model";
import type { Zone, Zones } from "../dns/zones";
import type { CloudSettings } from "../settings";

/** The private zones of the region's VPCs. A change reaches the resolvers when it is INSYNC. */
export function hostedZones(zones: Zones, region: string, settings: Readonly<CloudSettings>): HostedZone[] {
  return [...zones.all.values()]
    .filter((zone) => isOf(zone, region))
    .map((zone) => shown(zone, region, settings));
}

function isOf(zone: Zone, region: string): boolean {
  return zone.isPrivate && zone.versions.some(({ vpcs }) => vpcs.some((vpc) => vpc.region === region));
}

function shown(zone: Zone, region: string, { route53PendingMs }: Readonly<CloudSettings>): HostedZone {
  const versions = zone.versions.map(({ since, vpcs, records }) => ({
    visibleAt: since + route53PendingMs,
    vpcIds: vpcs.filter((vpc) => vpc.region === region).map(({ id }) => id),
    records: records.map(({ name, type, ttl, values }) => ({ name, type, ttl: Number(ttl), values })),
  }));
  // Of those that are visible already, the newest alone can be asked for.
  const newest = versions.findLastIndex(({ visibleAt }) => visibleAt <= Date.now());
  return { id: zone.id, name: zone.name, versions: versions.slice(Math.max(0, newest)) };
}
