/** User data in each form that cloud-init reads (its documentation, "User data formats"). */
import { asList, asText, at } from "../values";
import { unzipped } from "./bytes";
import { runCloudConfig, runPatches, yaml } from "./cloud-config";
import type { Machine } from "./machine";
import { isMime, readMime } from "./mime";
import { runScript } from "./shell";

const DEPTH = 8;

/** First lines that say what follows; the longer ones first. */
const kinds: readonly (readonly [string, string])[] = [
  ["## template: jinja", "text/jinja2"],
  ["#cloud-config-archive", "text/cloud-config-archive"],
  ["#cloud-config-jsonp", "text/cloud-config-jsonp"],
  ["#cloud-config", "text/cloud-config"],
  ["#cloud-boothook", "text/cloud-boothook"],
  ["#include", "text/x-include-url"],
  ["#part-handler", "text/part-handler"],
  ["#upstart-job", "text/upstart-job"],
  ["#!", "text/x-shellscript"],
];

const known = new Set(kinds.map(([, type]) => type));

/** @param declared type from a MIME header or an archive; what it does not say, the text's first line does */
export function readPart(machine: Machine, given: Buffer, declared = "", depth = 0): void {
  const bytes = unzipped(given);
  if (bytes === undefined) {
    machine.unread.add("is a gzip that is broken or too large");
    return;
  }
  if (depth > DEPTH) {
    machine.unread.add("has parts within parts, too deep to read");
    return;
  }
  const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (!known.has(declared) && isMime(text)) {
    const { parts, problems } = readMime(text);
    for (const problem of problems) machine.unread.add(problem);
    for (const part of parts) readPart(machine, part.bytes, part.type, depth + 1);
    return;
  }
  machine.texts.push(text);
  read(machine, text, kindOf(text, declared), depth);
}

function kindOf(text: string, declared: string): string {
  const start = text.trimStart().toLowerCase();
  const own = kinds.find(([first]) => start.startsWith(first))?.[1];
  // A template says so in its first line, whatever the header says.
  return own === "text/jinja2" ? own : known.has(declared) ? declared : (own ?? "text/plain");
}

function read(machine: Machine, text: string, kind: string, depth: number): void {
  switch (kind) {
    case "text/jinja2":
      readPart(machine, Buffer.from(rendered(text)), "", depth + 1);
      return;
    case "text/cloud-config":
      runCloudConfig(machine, yaml(machine, text));
      return;
    case "text/cloud-config-archive":
      for (const part of asList(yaml(machine, text))) {
        const content = asText(part) ?? asText(at(part, "content"));
        if (content !== undefined)
          readPart(machine, Buffer.from(content), asText(at(part, "type")), depth + 1);
      }
      return;
    case "text/cloud-config-jsonp":
      runPatches(machine, yaml(machine, text));
      return;
    case "text/x-include-url":
      for (const url of text
        .split("\n")
        .slice(1)
        .map((line) => line.trim())) {
        if (url !== "" && !url.startsWith("#"))
          machine.unread.add(`includes ${withoutSecrets(url)}, which is fetched at boot`);
      }
      return;
    case "text/part-handler":
      machine.unread.add("brings a part handler, a program that may do anything with other parts");
      return;
    default:
      runScript(machine, text);
  }
}

/** Addresses with a password or a signature are not to be repeated. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//").replace(/\?.*/, "");
}

/** The template without its own language: statements go, and values become a word that is recognised as a variable. */
function rendered(text: string): string {
  return text
    .replace(/^\s*## template: jinja[^\n]*\n?/i, "")
    .replace(/\{#[\s\S]*?#\}/g, "")
    .replace(/^[ \t]*\{%[\s\S]*?%\}[ \t]*\n|\{%[\s\S]*?%\}/gm, "")
    .replace(/\{\{[\s\S]*?\}\}/g, "$JINJA");
}
