import { randomUUID } from "node:crypto";
import { AwsError } from "../gateway/errors";
import type { Context, Handler, Handlers } from "../gateway/handler";
import { xmlReply, type Reply } from "../gateway/reply";
import { at, isElement, parseXml, renderXml, textAt, type XmlElement, type XmlNode } from "../gateway/xml";
import { PARAMETERS } from "../parameters";

const NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";
/** "If you do not include this parameter, the number of items defaults to 100" (IAM API Reference, the actions' pages). */
const DEFAULT_SIZE = 100;

const paged: Handler = { run: listed };

/** IAM's lists. moto pages some of them; the gateway pages all, in one way. */
export const iamListHandlers: Handlers = Object.fromEntries(
  [...PARAMETERS]
    .filter(([action, declared]) => action.startsWith("iam:") && declared.has("Marker"))
    .map(([action]) => [action, paged]),
);

/** An entry of one of the answer's lists. */
type Entry = readonly [list: string, item: XmlNode];

async function listed(context: Context): Promise<Reply> {
  const { call, pages } = context;
  const { Marker, MaxItems, ...own } = call.params;
  const lists = pages?.results ?? [];
  const entries: Entry[] = [];
  let result: XmlElement = {};
  let marker = "";
  do {
    const reply = await context.forward({
      ...own,
      MaxItems: "1000",
      ...(marker === "" ? {} : { Marker: marker }),
    });
    if (reply.status >= 400) return reply;
    const found = at(parseXml(reply.body), `${call.action}Response.${call.action}Result`);
    result = isElement(found) ? found : {};
    for (const list of lists) entries.push(...membersOf(result, list).map((item): Entry => [list, item]));
    marker = textAt(result, "IsTruncated") === "true" ? textAt(result, "Marker") : "";
  } while (marker !== "");

  const start = Marker === undefined ? 0 : placeOf(Marker);
  const end = start + Number(MaxItems ?? DEFAULT_SIZE);
  const page = entries.slice(start, end);
  const shown = lists.map((list) => [
    list,
    { member: page.filter(([of]) => of === list).map(([, item]) => item) },
  ]);
  const content: XmlElement = {
    ...result,
    ...(Object.fromEntries(shown) as XmlElement),
    IsTruncated: String(end < entries.length),
    Marker: end < entries.length ? Buffer.from(`from:${end}`).toString("base64url") : [],
  };
  const body = renderXml({
    [`${call.action}Result`]: content,
    ResponseMetadata: { RequestId: randomUUID() },
  });
  return xmlReply(`<${call.action}Response xmlns="${NAMESPACE}">${body}</${call.action}Response>`);
}

function membersOf(result: XmlElement, list: string): XmlNode[] {
  const members = at(result, `${list}.member`);
  return Array.isArray(members) ? members : [];
}

function placeOf(marker: string): number {
  const place = /^from:(\d+)$/.exec(Buffer.from(marker, "base64url").toString("utf8"))?.[1];
  if (place === undefined) throw new AwsError("ValidationError", `Invalid Marker: ${marker}`);
  return Number(place);
}
