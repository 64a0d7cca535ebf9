import { fromBase64, fromQuotedPrintable } from "./bytes";

/** A part of a MIME message (RFC 2045, RFC 2046), with its body decoded. */
export interface MimePart {
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Message {
  readonly parts: readonly MimePart[];
  /** What is wrong with it; a message may have good parts all the same. */
  readonly problems: readonly string[];
}

/** cloud-init asks for the header in the first 4096 characters; a type of many parts says the same. */
export function isMime(text: string): boolean {
  return /^(?:mime-version:|content-type:\s*multipart\/)/im.test(text.slice(0, 4096));
}

const DEPTH = 8;

export function readMime(text: string, depth = 0): Message {
  const { headers, body } = split(text);
  const [type, parameters] = contentType(headers.get("content-type") ?? "text/plain");
  if (!type.startsWith("multipart/")) return single(type, headers.get("content-transfer-encoding"), body);
  const boundary = parameters.get("boundary");
  if (boundary === undefined || boundary === "")
    return { parts: [], problems: ["is of many parts without a boundary"] };
  if (depth > DEPTH) return { parts: [], problems: ["has parts within parts, too deep to read"] };
  const pieces = betweenBoundaries(body, boundary);
  if (pieces.length === 0)
    return { parts: [], problems: ["is of many parts, and none begins with its boundary"] };
  const messages = pieces.map((piece) => readMime(piece, depth + 1));
  return {
    parts: messages.flatMap(({ parts }) => parts),
    problems: messages.flatMap(({ problems }) => problems),
  };
}

function split(text: string): { headers: Map<string, string>; body: string } {
  const lines = text.replace(/^\s*\n/, "").split(/\r?\n/);
  const headers = new Map<string, string>();
  let at = 0;
  let last = "";
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const header = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line);
    if (/^[ \t]+\S/.test(line) && last !== "") headers.set(last, `${headers.get(last) ?? ""} ${line.trim()}`);
    else if (header !== null) {
      last = (header[1] ?? "").toLowerCase();
      headers.set(last, header[2] ?? "");
    } else if (!(at === 0 && line.startsWith("From "))) break;
  }
  // A part without headers begins with an empty line, or at once.
  return { headers, body: lines.slice(lines[at]?.trim() === "" ? at + 1 : at).join("\n") };
}

function contentType(header: string): readonly [string, ReadonlyMap<string, string>] {
  const [type = "", ...rest] = header.split(";");
  const parameters = rest.join(";").matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s;]+))/g);
  const pairs = [...parameters].map(
    ([, name = "", quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? ""] as const,
  );
  return [type.trim().toLowerCase(), new Map(pairs)];
}

function betweenBoundaries(body: string, boundary: string): string[] {
  const pieces: string[] = [];
  let piece: string[] | undefined;
  for (const line of body.split("\n")) {
    const bare = line.trimEnd();
    if (bare === `--${boundary}` || bare === `--${boundary}--`) {
      if (piece !== undefined) pieces.push(piece.join("\n"));
      if (bare.endsWith(`${boundary}--`)) return pieces;
      piece = [];
    } else piece?.push(line);
  }
  // A message that breaks off: what is there is read, as Python's parser does.
  if (piece !== undefined) pieces.push(piece.join("\n"));
  return pieces;
}

function single(type: string, encoding: string | undefined, body: string): Message {
  const name = (encoding ?? "7bit").trim().toLowerCase();
  if (name === "quoted-printable")
    return { parts: [{ type, bytes: Buffer.from(fromQuotedPrintable(body)) }], problems: [] };
  if (name !== "base64") return { parts: [{ type, bytes: Buffer.from(body) }], problems: [] };
  const bytes = fromBase64(body);
  if (bytes === undefined) return { parts: [], problems: ["has a part whose base64 cannot be decoded"] };
  return { parts: [{ type, bytes }], problems: [] };
}
