import type { ImdsCredentials } from "../api/admin/types";
import type { InstanceFacts } from "./facts";

/** Milliseconds before their end at which credentials are replaced: AWS has new ones there five minutes before. */
const RENEWED_BEFORE = 300_000;

/**
 * Hands out an instance's credentials: the same ones until they are about to end, or the instance has another role.
 *
 * @param fetched makes new ones, for an instance id
 */
export function cachedCredentials(
  fetched: (instanceId: string) => Promise<ImdsCredentials>,
): (facts: InstanceFacts) => Promise<ImdsCredentials> {
  const known = new Map<string, ImdsCredentials>();
  return async ({ instance }) => {
    const key = `${instance.id} ${instance.role}`;
    const present = known.get(key);
    if (present !== undefined && Date.parse(present.Expiration) - Date.now() > RENEWED_BEFORE) return present;
    const fresh = await fetched(instance.id);
    known.set(key, fresh);
    return fresh;
  };
}
