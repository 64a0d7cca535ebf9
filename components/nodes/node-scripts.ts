import * as fs from "node:fs";
import * as path from "node:path";
import type { NodeScripts } from "./user-data.plan";

/**
 * The programs that are installed on nodes, as text. A checkout of Windows, or one with `core.autocrlf`, may have carriage
 * returns in them, with which no Linux finds their interpreter.
 */
export function nodeScripts(): NodeScripts {
  const read = (name: string): string =>
    fs
      .readFileSync(path.join(__dirname, "..", "..", "scripts", "node", name), "utf8")
      .replaceAll("\r\n", "\n");
  return {
    overlayAddress: read("overlay-address"),
    overlayTakeover: read("overlay-takeover"),
    demoResponder: read("demo-responder"),
    floatingEniRouting: read("floating-eni-routing"),
  };
}
