import { gunzipSync } from "node:zlib";

/** User data is 16 KiB at most; what a small gzip can blow up to is cut off here, in bytes. */
const LIMIT = 4 * 1024 * 1024;

/** Returns the decoded bytes, or undefined where the text is not base64. */
export function fromBase64(text: string): Buffer | undefined {
  const bare = text.replace(/\s+/g, "");
  if (bare === "" || bare.length % 4 === 1 || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(bare)) return undefined;
  return Buffer.from(bare, "base64");
}

/** Returns unpacked bytes; undefined where they are a gzip that is broken or far too large. Other bytes stay as they are. */
export function unzipped(bytes: Buffer): Buffer | undefined {
  // RFC 1952, section 2.3.1.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LIMIT });
  } catch (error) {
    // zlib and the limit have codes of their own; anything else is a mistake of ours.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** Returns the text of a quoted-printable body (RFC 2045, section 6.7). */
export function fromQuotedPrintable(text: string): string {
  const bytes = text
    .replace(/[ \t]*=\r?\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
