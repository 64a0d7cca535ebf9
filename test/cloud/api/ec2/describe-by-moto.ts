import type { Context, Handler } from "../gateway/handler";
import type { Reply } from "../gateway/reply";
import { itemsAt, parseXml, type XmlElement } from "../gateway/xml";
import { ec2Reply } from "./describe";
import { checkFilters, filtered, type FilterTable } from "./filters";
import { paged } from "./pages";

/** A list that moto makes, from ids; its filters and pages are the gateway's. */
export function filteredByGateway(set: string, filters: FilterTable): Handler {
  return { run: (context) => askMoto(context, set, /^(Filter\.|MaxResults$|NextToken$)/, filters) };
}

/** A list that moto makes and filters, by the filters that are named: there are too many items to do it here. */
export function filteredByMoto(set: string, ...names: string[]): Handler {
  const known = Object.fromEntries(names.map((name) => [name, ""]));
  return {
    check: (context) => {
      checkFilters(context, known);
    },
    run: (context) => {
      const { MaxResults, NextToken } = context.call.params;
      if (MaxResults === undefined && NextToken === undefined) return context.forward();
      return askMoto(context, set, /^(MaxResults|NextToken)$/);
    },
  };
}

async function askMoto(context: Context, set: string, kept: RegExp, filters?: FilterTable): Promise<Reply> {
  const { call, forward } = context;
  const reply = await forward(
    Object.fromEntries(Object.entries(call.params).filter(([name]) => !kept.test(name))),
  );
  if (reply.status >= 400) return reply;
  const all: XmlElement[] = itemsAt(parseXml(reply.body)[`${call.action}Response`], set);
  const found = filters === undefined ? all : filtered(all, context, filters);
  const { page, nextToken } = paged(found, call);
  return ec2Reply(call.action, { [set]: { item: page }, ...(nextToken === "" ? {} : { nextToken }) });
}
