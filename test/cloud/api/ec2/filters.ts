import { AwsError } from "../gateway/errors";
import { structParams, type Params } from "../gateway/params";
import type { XmlElement, XmlNode } from "../gateway/xml";

/** What a filter looks at: a path into the item, or a function for what is not simply there. */
export type FilterSource = string | ((item: XmlElement) => string[]);
export type FilterTable = Readonly<Record<string, FilterSource>>;

/**
 * Items that match every filter of the call. A filter matches if one of its values does; `*` and `?` are wildcards.
 *
 * @throws AwsError InvalidParameterValue for a filter that the resource does not have
 */
export function filtered(items: XmlElement[], params: Params, table: FilterTable): XmlElement[] {
  const filters = structParams(params, "Filter").map((filter) => {
    const name = filter.Name ?? "";
    const values = Object.entries(filter)
      .filter(([field]) => field.startsWith("Value."))
      .map(([, value]) => pattern(value));
    return { source: sourceOf(name, table), values };
  });
  return items.filter((item) =>
    filters.every(({ source, values }) => {
      const found = typeof source === "string" ? valuesAt(item, source) : source(item);
      return found.some((text) => values.some((value) => value.test(text)));
    }),
  );
}

/** @throws AwsError for a filter that is neither in the table nor one of tags */
export function checkFilters(params: Params, table: FilterTable): void {
  for (const filter of structParams(params, "Filter")) sourceOf(filter.Name ?? "", table);
}

function sourceOf(name: string, table: FilterTable): FilterSource {
  const source = table[name];
  if (source !== undefined) return source;
  if (name === "tag-key") return "tagSet.key";
  if (name.startsWith("tag:")) return (item) => tagValues(item, name.slice("tag:".length));
  throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
}

export function tagValues(item: XmlElement, key: string): string[] {
  return members(item.tagSet ?? "")
    .filter((tag) => valuesAt(tag, "key").includes(key))
    .flatMap((tag) => valuesAt(tag, "value"));
}

/** Every text at a path; lists on the way are walked through. */
export function valuesAt(node: XmlNode, path: string): string[] {
  let current: XmlNode[] = [node];
  for (const step of path.split(".")) {
    current = current.flatMap((one) => {
      if (typeof one === "string" || Array.isArray(one)) return [];
      const child = one[step];
      return child === undefined ? [] : members(child);
    });
  }
  return current.filter((one): one is string => typeof one === "string");
}

function members(node: XmlNode): XmlNode[] {
  if (Array.isArray(node)) return node;
  if (typeof node === "string") return [node];
  return Array.isArray(node.item) ? node.item : [node];
}

function pattern(value: string): RegExp {
  const parts = value.match(/\\.|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    const character = part.length === 2 ? part.slice(1) : part;
    return character.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`);
}
