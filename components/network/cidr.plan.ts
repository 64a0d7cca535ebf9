import { Address4, Address6 } from "ip-address";
import { type Planned, planned, refused } from "./problem.plan";

/** A block of addresses without host bits. */
export interface Cidr {
  /** Canonical form, e.g. `10.0.0.0/16` or `2001:db8::/56`. */
  text: string;
  family: 4 | 6;
  /** Prefix length in bits. */
  prefix: number;
  /** First and last address as numbers. */
  first: bigint;
  last: bigint;
}

/**
 * Reads a block. Host bits are refused, although AWS would silently clear them: the address that was written is then
 * not the one that is built, and the next plan shows a change.
 */
export function parseCidr(text: string, key?: string): Planned<Cidr> {
  const address = parse(text);
  if (!address || !text.includes("/")) {
    return refused({
      key,
      reason: `${quote(text)} is not a CIDR block`,
      remedy: address
        ? `write the prefix length too, e.g. ${text}/${width(address)}`
        : "write it like 10.0.0.0/16",
    });
  }
  const cidr: Cidr = {
    text: `${address.startAddress().correctForm()}/${address.subnetMask}`,
    family: address instanceof Address4 ? 4 : 6,
    prefix: address.subnetMask,
    first: address.startAddress().bigInt(),
    last: address.endAddress().bigInt(),
  };
  if (address.bigInt() !== cidr.first) {
    return refused({ key, reason: `${text} has host bits set`, remedy: `write the block as ${cidr.text}` });
  }
  return planned(cidr);
}

/** Reads one address without prefix length; the value is its canonical form. */
export function parseAddress(text: string, key?: string): Planned<string> {
  const address = text.includes("/") ? undefined : parse(text);
  if (address) return planned(address.correctForm());
  return refused({ key, reason: `${quote(text)} is not an IP address`, remedy: "write it like 10.0.0.10" });
}

/** Whether two blocks share an address. Blocks of different families never do. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether an address, as text, is in the block. What is not an address is in no block. */
export function containsAddress(block: Cidr, address: string): boolean {
  const parsed = address.includes("/") ? undefined : parse(address);
  if (!parsed || (parsed instanceof Address4 ? 4 : 6) !== block.family) return false;
  return block.first <= parsed.bigInt() && parsed.bigInt() <= block.last;
}

/** Whether the block is one address: /32, or /128 for IPv6. */
export function isHostRoute(cidr: Cidr): boolean {
  return cidr.prefix === (cidr.family === 4 ? 32 : 128);
}

/**
 * Whether AWS would give this address of a subnet to an interface: it keeps the first four and the last one.
 * Source: VPC User Guide, "Subnet CIDR blocks".
 */
export function isUsableInSubnet(subnet: Cidr, address: string): boolean {
  if (!containsAddress(subnet, address)) return false;
  const value = parse(address)?.bigInt() ?? -1n;
  return value >= subnet.first + 4n && value < subnet.last;
}

/** The nth address of a block, counted from 0. The caller makes sure that the block has that many. */
export function nthAddress(block: Cidr, n: number): string {
  return addressText(block, block.first + BigInt(n));
}

/** The nth block of `newBits` more bits within a block, counted from 0. The caller makes sure that it exists. */
export function nthSubnet(block: Cidr, newBits: number, n: number): Cidr {
  const prefix = block.prefix + newBits;
  const size = 1n << BigInt((block.family === 4 ? 32 : 128) - prefix);
  const first = block.first + size * BigInt(n);
  return {
    text: `${addressText(block, first)}/${prefix}`,
    family: block.family,
    prefix,
    first,
    last: first + size - 1n,
  };
}

function addressText(block: Cidr, value: bigint): string {
  return (block.family === 4 ? Address4.fromBigInt(value) : Address6.fromBigInt(value)).correctForm();
}

/**
 * Octets with leading zeros are no addresses here: some tools read 010 as eight, some as ten (CVE-2021-29921 and its
 * like). Zones of IPv6 (`%eth0`) mean nothing outside one machine.
 */
function parse(text: string): Address4 | Address6 | undefined {
  if (/^(\d+\.){3}\d+(\/\d+)?$/.test(text)) {
    return /(^|[./])0\d/.test(text) || !Address4.isValid(text) ? undefined : new Address4(text);
  }
  return /^[0-9a-fA-F:.]+(\/\d+)?$/.test(text) && text.includes(":") && Address6.isValid(text)
    ? new Address6(text)
    : undefined;
}

function width(address: Address4 | Address6): number {
  return address instanceof Address4 ? 32 : 128;
}

/** User input in a message: on one line, and not longer than helps. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
