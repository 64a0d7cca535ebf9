/** Property values as a rule reads them: plain, with one marker for what a preview cannot know yet. */

export const UNKNOWN = Symbol("known at the update");
export type Unknown = typeof UNKNOWN;
export type Props = Readonly<Record<string, unknown>>;

/** What `@pulumi/policy` puts where a value is unknown (its proxy.js); they are random ids, and no value is ever one. */
const sentinels = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/**
 * Properties without the SDK's proxy. The proxy ends a rule at the first unknown value that it reads, so a violation
 * right beside it would go unseen; here a rule decides by itself what an unknown value means to it.
 */
export function plainProps(props: Props): Props {
  const target = props["__isSpecialProxy"] === true ? props["__getSpecialProxyTarget"] : props;
  return plain(target) as Props;
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return sentinels.has(value) ? UNKNOWN : value;
  // By index: the SDK's proxies do not let an array's own methods make new arrays.
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => plain(value[i]));
  if (value === null || typeof value !== "object") return value ?? undefined;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** The value at a path; UNKNOWN when it, or anything on the way to it, is. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (here === UNKNOWN) return UNKNOWN;
    if (here === null || typeof here !== "object") return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Numbers, and texts that are one: YAML programs write either. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

export function asFlag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
}

/** A list's elements; one value is a list of one. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === UNKNOWN) return [];
  return Array.isArray(value) ? value : [value];
}

export function asProps(value: unknown): Props {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Props) : {};
}

/** The known texts of a list. */
export function texts(value: unknown): readonly string[] {
  return asList(value).filter((element) => typeof element === "string");
}

/** Whether a value, or anything in it, is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(hasUnknown);
}

/** Every known text in a value, at any depth. */
export function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(leaves);
}
