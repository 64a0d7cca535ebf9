/** What an overlay IP service is, whose a route is, and its routes as pointers. */
import { parseHost, type Host } from "../../core/addresses";
import { type Candidates } from "../../core/contract";
import { type Context, type Ec2Calls } from "../../core/context";
import { type Pointers } from "../../core/pointers";
import { repairRoute } from "./repair";
import { isTableGone, readEntries, sameTarget, type Target, writeRoute } from "./routes";

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

/** The service's routes in all tables of the VPC. Throws when the destination is no single address. */
export function routesOf(service: OverlayIpService, ec2: Ec2Calls, context: Context): Pointers<Target> {
  const destination = destinationOf(service);
  const settings = { region: service.region, profile: context.profile, destination };
  return {
    read: (deadline) => readEntries(ec2, { vpcId: service.vpcId, destination }, context, deadline),
    write: (table, target, now, bounds) =>
      writeRoute(ec2, { table, destination, target, present: now !== undefined }, context, bounds),
    same: sameTarget,
    isGone: isTableGone,
    place: (where, { target, dead }) => {
      const node = nodeOf(service, target);
      return {
        where,
        ...(target === undefined ? {} : { target: target.id }),
        ...(node === undefined ? {} : { node }),
        ...(dead ? { dead } : {}),
      };
    },
    repair: (table, target, now) => [repairRoute(settings, table, target, now)],
  };
}

function destinationOf(service: OverlayIpService): Host {
  const destination = parseHost(service.destination);
  if (destination === undefined)
    throw new Error(
      `Overlay IP ${service.destination} is no single address: write it as a /32, or as a /128 for IPv6.`,
    );
  return destination;
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
