/** IPv4 blocks as numbers. */
export interface Block {
  readonly base: number;
  readonly prefix: number;
}

export function parseAddress(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** The block of a text such as `10.0.0.0/16`; an address alone is one of a single address. */
export function parseBlock(text: string): Block {
  const [address = "", length = "32"] = text.split("/");
  return { base: parseAddress(address), prefix: Number(length) };
}

export function contains(block: Block, address: number): boolean {
  const size = 2 ** (32 - block.prefix);
  return address >= block.base && address < block.base + size;
}

/** The n-th address of a block. */
export function nth(block: string, n: number): string {
  return formatAddress(parseBlock(block).base + n);
}

/** Of items with blocks, the one with the most specific block that contains the address. */
export function mostSpecific<T>(
  items: readonly T[],
  blockOf: (item: T) => string,
  address: string,
): T | undefined {
  const number = parseAddress(address);
  return items
    .map((item) => ({ item, block: parseBlock(blockOf(item)) }))
    .filter(({ block }) => contains(block, number))
    .sort((one, other) => other.block.prefix - one.block.prefix)[0]?.item;
}
