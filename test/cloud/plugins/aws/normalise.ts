/** Spellings that AWS changes: compared in one form, sent as the program wrote them. */

/** `10.0.0.1/16` is stored as `10.0.0.0/16` (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). */
export function cidr(value: string): string {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(value);
  if (!match) return value.toLowerCase();
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const network = bits === 0 ? 0 : (address & (0xffffffff << (32 - bits))) >>> 0;
  const octets = [network >>> 24, (network >>> 16) & 255, (network >>> 8) & 255, network & 255];
  return `${octets.join(".")}/${String(bits)}`;
}

/** Two JSON texts that say the same, whatever their spacing and order of keys. */
export function json(value: string): unknown {
  try {
    return sorted(JSON.parse(value));
  } catch {
    // Not JSON: the service will say so, with its own message; until then it is compared as it is.
    return value;
  }
}

/** IAM means the same by "a" and ["a"], and keeps no order in lists of actions, resources and principals. */
export function policy(value: string): unknown {
  return lists(json(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function lists(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => lists(item));
    if (key === "Statement") return items;
    const order = items.map((item) => JSON.stringify(item)).sort();
    return order.length === 1 ? items[0] : order;
  }
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? String(value) : value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, lists(item, name)]));
}

/** Names in DNS have no case and may end in a dot. */
export const domain = (value: string): string =>
  value
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\\052/, "*");
export const lower = (value: string): string => value.toLowerCase();
