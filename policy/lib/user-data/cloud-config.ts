import { parse } from "yaml";
import { asList, asProps, asText, at } from "../values";
import { fromBase64, unzipped } from "./bytes";
import type { Machine } from "./machine";
import { runScript, runWords } from "./shell";

/** Returns the value of a YAML text; undefined after noting that it is none, which cloud-init cannot read either. */
export function yaml(machine: Machine, text: string): unknown {
  try {
    return parse(text, { version: "1.1", logLevel: "error", uniqueKeys: false });
  } catch (error) {
    // The parser has errors of its own, and of the language's where aliases would fill the memory.
    if (!(error instanceof Error)) throw error;
    machine.unread.add("is YAML that cannot be read");
    return undefined;
  }
}

/** Follows a cloud-config in the order in which its modules run: bootcmd, write_files, runcmd. */
export function runCloudConfig(machine: Machine, config: unknown): void {
  commands(machine, at(config, "bootcmd"));
  for (const file of asList(at(config, "write_files"))) writeFile(machine, file);
  commands(machine, at(config, "runcmd"));
}

/** Each is a line for the shell, or a list of words that no shell reads; all are one script. */
function commands(machine: Machine, list: unknown): void {
  for (const command of asList(list)) {
    if (Array.isArray(command)) runWords(machine, command.map(String));
    else if (typeof command === "string") runScript(machine, command);
  }
}

function writeFile(machine: Machine, file: unknown): void {
  const path = asText(at(file, "path"));
  if (path === undefined) return;
  if (at(file, "source") !== undefined)
    machine.unread.add(`writes ${path} from an address that is asked at boot`);
  const content = at(file, "content");
  if (typeof content !== "string" && !(content instanceof Uint8Array)) return;
  const text = decoded(content, asText(at(file, "encoding")) ?? "");
  if (text === undefined) {
    machine.unread.add(`writes ${path} from a text that cannot be decoded`);
    return;
  }
  if (text !== content) machine.texts.push(text);
  machine.write(path, text, at(file, "append") === true);
}

/** cloud-init's names: b64, base64, gz, gzip, and both joined by a plus; bytes come by YAML's type for them. */
function decoded(content: string | Uint8Array, encoding: string): string | undefined {
  const name = encoding.toLowerCase();
  const isZipped = name.includes("gz");
  const given =
    typeof content === "string" ? Buffer.from(content, isZipped ? "latin1" : "utf8") : Buffer.from(content);
  const bytes = /b64|base64/.test(name) ? fromBase64(given.toString("latin1")) : given;
  return (isZipped && bytes !== undefined ? unzipped(bytes) : bytes)?.toString("utf8");
}

/** JSON patches: the values that they add are pieces of a cloud-config. */
export function runPatches(machine: Machine, patches: unknown): void {
  for (const patch of asList(patches)) {
    const [key = ""] = (asText(at(patch, "path")) ?? "").split("/").filter((part) => part !== "");
    const value = at(patch, "value");
    if (key === "") runCloudConfig(machine, asProps(value));
    else runCloudConfig(machine, { [key]: Array.isArray(value) ? value : [value] });
  }
}
