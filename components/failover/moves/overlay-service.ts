/** What an overlay IP service is, and whose a route is. */
import { parseHost, type Host } from "./addresses";
import { type Candidates, type Place } from "./contract";
import { placeOf } from "./ledger";
import { type Entries, type Target } from "./routes";

export interface OverlayCandidate {
  instanceId: string;
  /** The interface that the route leads to; its source/dest check has to be off. */
  networkInterfaceId: string;
}

export interface OverlayIpService {
  /** `/32` (IPv4) or `/128` (IPv6), outside the VPC's CIDRs. */
  destination: string;
  vpcId: string;
  region: string;
  candidates: Candidates<OverlayCandidate>;
  /**
   * Interfaces of candidates that have been replaced: a route that still leads to one of them is the service's own,
   * not a stranger's.
   */
  formerInterfaces?: string[];
}

/** The service as the route readers want it. Throws when the destination is no single address. */
export function resolved(service: OverlayIpService): { vpcId: string; destination: Host } {
  const destination = parseHost(service.destination);
  if (destination === undefined)
    throw new Error(
      `Overlay IP ${service.destination} is no single address: write it as a /32, or a /128 for IPv6.`,
    );
  return { vpcId: service.vpcId, destination };
}

/** The candidate whose interface (or instance) a route leads to. */
export function nodeOf(service: OverlayIpService, target: Target | undefined): string | undefined {
  return Object.entries(service.candidates).find(
    // A route by instance id leads to the instance's primary interface.
    ([, { instanceId, networkInterfaceId }]) =>
      target?.id === networkInterfaceId || target?.id === instanceId,
  )?.[0];
}

/** Whether a route leads to a candidate, present or former. */
export function isOurs(service: OverlayIpService, target: Target | undefined): boolean {
  if (nodeOf(service, target) !== undefined) return true;
  return target !== undefined && (service.formerInterfaces ?? []).includes(target.id);
}

/** The routes as places, one a table. */
export function placesOf(service: OverlayIpService, entries: Entries): Place[] {
  return [...entries].map(([where, entry]) => placeOf(where, entry, nodeOf(service, entry.target)));
}
