import { normalizedName } from "../iam/resources";

/** The name as Route 53 keeps it: lower case, unusual characters as octal escapes, a dot at the end. */
export function storedName(name: string): string {
  return `${normalizedName(name)}.`;
}

/** Whether the name is the zone's or below it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Route 53's order: by the labels from the right (API Reference, ListResourceRecordSets). */
export function compareNames(one: string, other: string): number {
  const [a, b] = [reversed(one), reversed(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function reversed(name: string): string {
  return name.replace(/\.$/, "").split(".").reverse().join("\u0000");
}
