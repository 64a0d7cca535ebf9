import { XMLParser } from "fast-xml-parser";

/** An element: its children by name. A list (`item`, `member`) is always an array. */
export type XmlNode = string | XmlElement | XmlNode[];
export interface XmlElement {
  [name: string]: XmlNode;
}

const LISTS = new Set(["item", "member", "Change", "ResourceRecord"]);

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  isArray: (name) => LISTS.has(name),
  processEntities: true,
});

/** The document as a tree; text stays text. White space between elements is dropped. */
export function parseXml(text: string): XmlElement {
  return tidy(parser.parse(text) as XmlNode) as XmlElement;
}

function tidy(node: XmlNode): XmlNode {
  if (typeof node === "string") return node;
  if (Array.isArray(node)) return node.map(tidy);
  const result: XmlElement = {};
  for (const [name, value] of Object.entries(node)) {
    if (name !== "#text") result[name] = tidy(value);
  }
  return result;
}

/** The tree as text, without a declaration. */
export function renderXml(element: XmlElement): string {
  return Object.entries(element)
    .map(([name, value]) => renderNode(name, value))
    .join("");
}

function renderNode(name: string, value: XmlNode): string {
  if (Array.isArray(value)) return value.map((child) => renderNode(name, child)).join("");
  if (typeof value !== "string") return `<${name}>${renderXml(value)}</${name}>`;
  return value === "" ? `<${name}/>` : `<${name}>${escapeXml(value)}</${name}>`;
}

/** What XML 1.0 has no way to write is shown as the replacement character. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

/** The text at a path such as `attachment.instanceId`; empty if there is none. */
export function textAt(node: XmlNode | undefined, path: string): string {
  const found = at(node, path);
  return typeof found === "string" ? found : "";
}

/** The elements of the list at a path (`tagSet` stands for `tagSet.item`). */
export function itemsAt(node: XmlNode | undefined, path: string): XmlElement[] {
  const found = at(node, path);
  if (found === undefined || typeof found === "string") return [];
  const list = Array.isArray(found) ? found : (found.item ?? found.member ?? []);
  return Array.isArray(list) ? list.filter((one): one is XmlElement => isElement(one)) : [];
}

export function isElement(node: XmlNode | undefined): node is XmlElement {
  return typeof node === "object" && !Array.isArray(node);
}

/** What is at the path, if anything; of a list, the first. */
export function at(node: XmlNode | undefined, path: string): XmlNode | undefined {
  let current = node;
  for (const step of path.split(".")) {
    if (Array.isArray(current)) current = current[0];
    if (current === undefined || typeof current === "string") return undefined;
    current = (current as XmlElement)[step];
  }
  return current;
}
