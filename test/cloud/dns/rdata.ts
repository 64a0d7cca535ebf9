/** Record sets as Route 53's API writes them, to what the wire's library takes. */
import type { Answer } from "dns-packet";
import type { RecordSet } from "../model";

/** A record whose value is not what its type wants; on AWS nobody can store one. */
export class UnreadableRecord extends Error {}

/** @throws UnreadableRecord */
export function toAnswers({ name, type, ttl, values }: RecordSet): Answer[] {
  return values.map(
    (value) => ({ name: unescaped(name), ttl, class: "IN", ...dataOf(type, value) }) as Answer,
  );
}

function dataOf(type: string, value: string): { type: string; data: unknown } {
  const words = value.trim().split(/\s+/);
  switch (type) {
    case "A":
    case "AAAA":
      return { type, data: value.trim() };
    case "CNAME":
    case "NS":
    case "PTR":
      return { type, data: unescaped(value.trim()) };
    case "MX":
      return { type, data: { preference: integer(words[0], value), exchange: word(words, 1, value) } };
    case "SRV": {
      const [priority, weight, port] = words.slice(0, 3).map((one) => integer(one, value));
      return { type, data: { priority, weight, port, target: word(words, 3, value) } };
    }
    case "SOA": {
      const [serial, refresh, retry, expire, minimum] = words.slice(2).map((one) => integer(one, value));
      const names = { mname: word(words, 0, value), rname: word(words, 1, value) };
      return { type, data: { ...names, serial, refresh, retry, expire, minimum } };
    }
    case "CAA": {
      const [, flags, tag, quoted] = /^(\d+)\s+(\w+)\s+(".*")$/.exec(value.trim()) ?? [];
      if (tag === undefined || quoted === undefined) throw unreadable(value);
      return { type, data: { flags: integer(flags, value), tag, value: strings(quoted).join("") } };
    }
    case "TXT":
      return { type, data: strings(value) };
    case "SPF":
      // The library knows its number alone: the same bytes as TXT's (RFC 7208, section 3.1).
      return { type, data: Buffer.concat(strings(value).flatMap((one) => [Buffer.of(one.length), one])) };
    default:
      throw new UnreadableRecord(`records of type ${type} are not known to the resolver`);
  }
}

function word(words: readonly string[], index: number, value: string): string {
  const found = words[index];
  if (found === undefined) throw unreadable(value);
  return unescaped(found);
}

function integer(text: string | undefined, value: string): number {
  if (text === undefined || !/^\d+$/.test(text)) throw unreadable(value);
  return Number(text);
}

function unreadable(value: string): UnreadableRecord {
  return new UnreadableRecord(`the record's value "${value}" cannot be read`);
}

/** A name without Route 53's octal escapes, such as `*` for `\052`. */
function unescaped(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
}

/** The quoted strings of a TXT value, as bytes; `\"`, `\\` and octal codes stand for a character. */
function strings(value: string): Buffer[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, content = ""]) =>
    Buffer.concat(
      [...content.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)].map(([, code, character, plain]) =>
        code === undefined ? Buffer.from(character ?? plain ?? "") : Buffer.of(parseInt(code, 8)),
      ),
    ),
  );
}
