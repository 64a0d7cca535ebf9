import { randomUUID } from "node:crypto";
import { AwsError } from "../gateway/errors";
import type { Context, Handler } from "../gateway/handler";
import { listParam, type Params } from "../gateway/params";
import { xmlReply, type Reply } from "../gateway/reply";
import { renderXml, textAt, type XmlElement } from "../gateway/xml";
import { filtered, type FilterTable } from "./filters";
import { paged } from "./pages";
import type { Kind } from "./sources";

/** A describe action that the gateway answers itself. */
export interface Describe {
  kind: Kind;
  /** Name of the list in the answer. */
  set: string;
  /** The parameter with ids, the field that holds them, and what AWS says if one does not exist. */
  ids?: { param: string; field: string; prefix: string; missing: (ids: string[]) => AwsError };
  /** Other parameters that choose by a field, such as names. */
  names?: readonly { param: string; field: string; missing: (names: string[]) => AwsError }[];
  filters: FilterTable;
  /** Turns the items that were found into the list's items. Default: as they are. */
  shape?: (items: XmlElement[], context: Context) => XmlElement[] | Promise<XmlElement[]>;
}

const NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

/** An EC2 answer with the given content. */
export function ec2Reply(action: string, content: XmlElement): Reply {
  const body = renderXml({ requestId: randomUUID(), ...content });
  return xmlReply(
    `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${NAMESPACE}">${body}</${action}Response>`,
  );
}

/** The usual answer of an action that has nothing to say. */
export function ec2Done(action: string): Reply {
  return ec2Reply(action, { return: "true" });
}

export function describe(spec: Describe): Handler {
  return {
    run: async (context) => {
      const { call, settings, ec2 } = context;
      const stale = context.stale || ec2.changedWithin(settings.staleReadMs);
      const all = await (stale ? ec2.listBefore(spec.kind) : ec2.list(spec.kind));
      const chosen = byNames(byIds(all, call.params, spec), call.params, spec);
      const found = filtered(chosen, context, spec.filters);
      const items = (await spec.shape?.(found, context)) ?? found;
      const { page, nextToken } = paged(items, call);
      return ec2Reply(call.action, {
        [spec.set]: { item: page },
        ...(nextToken === "" ? {} : { nextToken }),
      });
    },
  };
}

function byIds(items: XmlElement[], params: Params, spec: Describe): XmlElement[] {
  if (spec.ids === undefined) return items;
  const { param, field, prefix, missing } = spec.ids;
  const ids = listParam(params, param);
  if (ids.length === 0) return items;
  const malformed = ids.find((id) => !id.startsWith(prefix));
  if (malformed !== undefined)
    throw new AwsError(`${missing([]).code.split(".")[0] ?? ""}.Malformed`, malformedId(malformed, prefix));
  const absent = ids.filter((id) => !items.some((item) => textAt(item, field) === id));
  if (absent.length > 0) throw missing(absent);
  return items.filter((item) => ids.includes(textAt(item, field)));
}

function byNames(items: XmlElement[], params: Params, spec: Describe): XmlElement[] {
  return (spec.names ?? []).reduce((left, { param, field, missing }) => {
    const names = listParam(params, param);
    if (names.length === 0) return left;
    const absent = names.filter((name) => !left.some((item) => textAt(item, field) === name));
    if (absent.length > 0) throw missing(absent);
    return left.filter((item) => names.includes(textAt(item, field)));
  }, items);
}

function malformedId(id: string, prefix: string): string {
  return `Invalid id: "${id}" (expecting "${prefix}...")`;
}
