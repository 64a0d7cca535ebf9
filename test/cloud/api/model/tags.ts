import { itemsAt, textAt, type XmlElement } from "../gateway/xml";

export function tagsOf(element: XmlElement): Record<string, string> {
  return Object.fromEntries(
    itemsAt(element, "tagSet").map((tag) => [textAt(tag, "key"), textAt(tag, "value")]),
  );
}

export function nameOf(element: XmlElement): string {
  return tagsOf(element).Name ?? "";
}
