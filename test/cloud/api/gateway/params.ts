/** Parameters by their flat names, as the query protocol sends them: `Filter.1.Value.2`. */
export type Params = Readonly<Record<string, string>>;

/** Values of `Name.1`, `Name.2`, … in their order. */
export function listParam(params: Params, name: string): string[] {
  return indexed(params, name)
    .map(([, key]) => params[key])
    .filter((value): value is string => value !== undefined);
}

/** The structures `Name.1.Field`, `Name.2.Field`, … in their order, each with its fields' flat names. */
export function structParams(params: Params, name: string): Record<string, string>[] {
  const byIndex = new Map<number, Record<string, string>>();
  const pattern = new RegExp(`^${name}\\.(\\d+)\\.(.+)$`);
  for (const [key, value] of Object.entries(params)) {
    const [, index, field] = pattern.exec(key) ?? [];
    if (index === undefined || field === undefined) continue;
    const struct = byIndex.get(Number(index)) ?? {};
    struct[field] = value;
    byIndex.set(Number(index), struct);
  }
  return [...byIndex.entries()].sort(([a], [b]) => a - b).map(([, struct]) => struct);
}

function indexed(params: Params, name: string): [number, string][] {
  const pattern = new RegExp(`^${name}\\.(\\d+)$`);
  return Object.keys(params)
    .map((key): [number, string] => [Number(pattern.exec(key)?.[1] ?? 0), key])
    .filter(([index]) => index > 0)
    .sort(([a], [b]) => a - b);
}

/** A tree's leaves by their dotted paths; places in lists count from 1. */
export function flatten(value: unknown, prefix = ""): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value !== "object") return { [prefix]: String(value) };
  const entries = Array.isArray(value)
    ? value.map((child, index): [string, unknown] => [String(index + 1), child])
    : Object.entries(value);
  return Object.assign(
    {},
    ...entries.map(([name, child]) => flatten(child, prefix === "" ? name : `${prefix}.${name}`)),
  ) as Record<string, string>;
}
