/**
 * Which services resources of this update have. A service whose component was renamed, or is declared twice, belongs to
 * two resources for a while: the new one adopts it, and the old one's end must not take it away.
 */

/** Registered by the update that this process serves: the engine asks for a check of each resource that stays. */
const claimed = new Set<string>();

export function claim(service: string): void {
  claimed.add(service);
}

export function isClaimed(service: string): boolean {
  return claimed.has(service);
}
