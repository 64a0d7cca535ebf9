import { normalizedName } from "../iam/resources";

/** The name as Route 53 keeps it: lower case, unusual characters as octal escapes, a dot at the end. */
export function storedName(name: string): string {
  return `${normalizedName(name)}.`;
}

const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;

/**
 * Why the name is none, as Route 53 says it; undefined if it is one. Characters beyond printable ASCII must come as
 * octal escapes (Route 53 Developer Guide, "DNS domain name format"); labels and names have RFC 1035's lengths.
 */
export function nameProblem(name: string): string | undefined {
  const fatal = (problem: string, found: string): string =>
    `FATAL problem: ${problem} encountered with '${found}'`;
  const unsupported = [...name].find((character) => !/[!-~]/.test(character));
  if (unsupported !== undefined) {
    return fatal("UnsupportedCharacter (Value contains unsupported characters)", unsupported);
  }
  const labels = name.replace(/\.$/, "").split(".");
  const lengths = labels.map((label) => label.replace(/\\\d{3}/g, "x").length);
  if (lengths.includes(0)) return fatal("DomainLabelEmpty (Domain label is empty)", name);
  const long = labels.find((_, index) => (lengths[index] ?? 0) > LONGEST_LABEL);
  if (long !== undefined) return fatal("DomainLabelTooLong (Domain label is too long)", long);
  // On the wire each label has its length before it, and the root's is 0.
  const length = lengths.reduce((sum, one) => sum + one + 1, 1);
  return length > LONGEST_NAME ? fatal("DomainNameTooLong (Domain name is too long)", name) : undefined;
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
