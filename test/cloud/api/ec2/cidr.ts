import { AwsError } from "../gateway/errors";

/** An IPv4 block as numbers: `base` is its first address, `mask` its netmask. */
export interface Cidr {
  base: number;
  mask: number;
  prefix: number;
}

/** The block, its host bits cleared; undefined if it is not one. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = "", length = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const number = parseAddress(address);
  const prefix = Number(length);
  if (number === undefined || prefix > 32) return undefined;
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  return { base: (number & mask) >>> 0, mask, prefix };
}

export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatCidr({ base, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join(".")}/${prefix}`;
}

/**
 * The block as AWS keeps it: "if you specify 100.68.0.18/18, we modify it to 100.68.0.0/18" (EC2 API Reference,
 * CreateRoute).
 *
 * @throws AwsError if it is not an IPv4 block
 */
export function canonicalCidr(text: string, parameter: string): string {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
    );
  }
  return formatCidr(cidr);
}

/** Whether the outer block contains the inner one. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && (inner.base & outer.mask) >>> 0 === outer.base;
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

/** Whether AWS keeps the address to itself: the subnet's first four addresses and its last. */
export function isReserved(subnet: Cidr, address: number): boolean {
  const last = (subnet.base | ~subnet.mask) >>> 0;
  return address < subnet.base + 4 || address === last;
}
