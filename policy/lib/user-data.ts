import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import type { Resource } from "./resource";
import { types } from "./types";
import { asList, asText, at } from "./values";

export interface BootFile {
  readonly path: string;
  readonly text: string;
}

export const userDataTypes = [types.instance, types.launchTemplate] as const;

/** The user data as the machine reads it; undefined while it is unknown, and where there is none. */
export function userDataOf({ type, props }: Resource): string | undefined {
  const plain = asText(props.userData);
  const encoded = asText(props.userDataBase64);
  if (type === types.launchTemplate) return plain === undefined ? undefined : decoded(plain);
  return plain ?? (encoded === undefined ? undefined : decoded(encoded));
}

/** Files that user data writes: cloud-config's, and here-documents of a shell script. */
export function filesOf(resource: Resource): readonly BootFile[] {
  const text = userDataOf(resource);
  if (text === undefined) return [];
  return text.startsWith("#cloud-config") ? cloudFiles(text) : hereDocuments(text);
}

function decoded(base64: string): string {
  return inflated(Buffer.from(base64, "base64")).toString("utf8");
}

/** gzip begins with 1f 8b (RFC 1952, section 2.3.1). */
function inflated(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

function cloudFiles(text: string): BootFile[] {
  return asList(at(cloudConfig(text), "write_files")).flatMap((file) => {
    const [path, content] = [asText(at(file, "path")), asText(at(file, "content"))];
    if (path === undefined || content === undefined) return [];
    const encoded = /b64|base64/.test(asText(at(file, "encoding")) ?? "");
    return { path, text: encoded ? decoded(content) : content };
  });
}

/** What is not YAML, cloud-init does not read either: no files then, and nothing to judge. */
function cloudConfig(text: string): unknown {
  try {
    return parse(text, { version: "1.1", logLevel: "silent" });
  } catch (error) {
    if (error instanceof Error && error.name === "YAMLParseError") return undefined;
    throw error;
  }
}

function hereDocuments(script: string): BootFile[] {
  const start = /^[^\n]*<<-?\s*['"]?(\w+)['"]?[^\n]*\n/gm;
  return [...script.matchAll(start)].flatMap((match) => {
    const path = /(?:>>?|\btee(?:\s+-a)?)\s*['"]?(\/[^\s'"<>|;]+)/.exec(match[0])?.[1];
    const rest = script.slice(match.index + match[0].length);
    const end = new RegExp(`^\\s*${match[1] ?? ""}\\s*$`, "m").exec(rest);
    return path === undefined || end === null ? [] : [{ path, text: rest.slice(0, end.index) }];
  });
}
