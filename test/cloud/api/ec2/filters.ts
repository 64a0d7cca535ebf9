import type { Call } from "../gateway/call";
import { AwsError, notImplemented } from "../gateway/errors";
import { structParams } from "../gateway/params";
import type { XmlElement, XmlNode } from "../gateway/xml";

/** What a filter looks at: a path into the item, or a function for what is not simply there. */
export type FilterSource = string | ((item: XmlElement) => string[]);
export type FilterTable = Readonly<Record<string, FilterSource>>;

/** A call, as far as its filters are concerned. */
export interface Filtering {
  readonly call: Pick<Call, "action" | "params">;
  /** The names of the filters that AWS documents for the action. */
  readonly documentedFilters: readonly string[];
}

/**
 * Items that match every filter of the call. A filter matches if one of its values does; `*` and `?` are wildcards.
 *
 * @throws AwsError InvalidParameterValue for a filter that AWS does not have either, or that the offline cloud lacks it
 */
export function filtered(items: XmlElement[], context: Filtering, table: FilterTable): XmlElement[] {
  const filters = structParams(context.call.params, "Filter").map((filter) => {
    const values = Object.entries(filter)
      .filter(([field]) => field.startsWith("Value."))
      .map(([, value]) => pattern(value));
    return { source: sourceOf(filter.Name ?? "", context, table), values };
  });
  return items.filter((item) =>
    filters.every(({ source, values }) => {
      const found = typeof source === "string" ? valuesAt(item, source) : source(item);
      return found.some((text) => values.some((value) => value.test(text)));
    }),
  );
}

/** @throws AwsError for a filter that is neither in the table nor one of tags */
export function checkFilters(context: Filtering, table: FilterTable): void {
  for (const filter of structParams(context.call.params, "Filter"))
    sourceOf(filter.Name ?? "", context, table);
}

function sourceOf(name: string, { call, documentedFilters }: Filtering, table: FilterTable): FilterSource {
  const source = table[name];
  if (source !== undefined) return source;
  // AWS's pages on transit gateways leave tags out; the official provider's data sources find attachments by them.
  if (
    call.action.startsWith("DescribeTransitGateway") ||
    documentedFilters.some((one) => /^tag($|:)/.test(one))
  ) {
    if (name === "tag-key") return "tagSet.key";
    if (name.startsWith("tag:")) return (item) => tagValues(item, name.slice("tag:".length));
  }
  if (!documentedFilters.includes(name)) {
    throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
  }
  throw notImplemented(
    `${call.action}' filter ${name}`.replace(/([^s])'/, "$1's"),
    "Compare it with AWS and add it in test/cloud/api, with a test.",
  );
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
