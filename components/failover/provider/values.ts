import { isDeepStrictEqual } from "node:util";

/** What a value that is not known yet looks like to a dynamic provider (`@pulumi/pulumi`, runtime/rpc). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function hasUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** Equality of plain JSON values; a property that is undefined equals one that is missing. */
export function sameValue(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(plain(one), plain(other));
}
