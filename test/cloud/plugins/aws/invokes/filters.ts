import { list, map, object, required, text } from "../../frame/fields";
import { isValues } from "../../frame/values";

/** The `filters` and `tags` that look-ups in EC2 take. */
export const filterFields = {
  filters: list(object({ name: required(text()), values: required(list(text())) })),
  tags: map(),
  region: text(),
};

interface Filter {
  Name: string;
  Values: string[];
}

/** @param own filters that stand for properties; what isn't set is left out */
export function toFilters(
  inputs: { filters?: unknown; tags?: unknown },
  own: Readonly<Record<string, string | undefined>> = {},
): Filter[] {
  const given = Array.isArray(inputs.filters) ? inputs.filters.filter(isValues) : [];
  return [
    ...Object.entries(own).flatMap(([Name, value]) =>
      value === undefined ? [] : [{ Name, Values: [value] }],
    ),
    ...given.map((filter) => ({
      Name: String(filter["name"]),
      Values: Array.isArray(filter["values"]) ? filter["values"].map(String) : [],
    })),
    ...Object.entries(isValues(inputs.tags) ? inputs.tags : {}).map(([key, value]) => ({
      Name: `tag:${key}`,
      Values: [String(value)],
    })),
  ];
}

/** A look-up must find one: none and several are errors, as in the official provider. */
export function single<T>(found: readonly T[], what: string): T {
  const [only] = found;
  if (only === undefined)
    throw new Error(`no matching ${what} was found. Check the region and what you look for.`);
  if (found.length > 1)
    throw new Error(`${String(found.length)} matching ${what}s were found. Narrow the look-up to one.`);
  return only;
}
