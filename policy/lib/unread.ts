/**
 * The one place where a rule's failure ends. What strangers write into a program is not to stop their previews: a rule
 * that cannot read something does not judge it, and `input-readable` tells the user, as an advisory.
 */

/** A rule that could not judge. */
export interface Failure {
  readonly rule: string;
  /** The resource that it judged; undefined: the stack as a whole. */
  readonly resource?: { readonly type: string; readonly name: string; readonly urn: string };
  readonly reason: string;
}

const failures = new Map<string, Failure>();

/** Returns what a judgement says, or undefined after noting that it failed. */
export function guarded<T>(rule: string, resource: Failure["resource"], judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    failures.set(`${rule} ${resource?.urn ?? ""}`, { rule, resource, reason });
    return undefined;
  }
}

/** Returns the failures since the last call, each rule and resource once. */
export function takeFailures(): readonly Failure[] {
  const taken = [...failures.values()];
  failures.clear();
  return taken;
}
