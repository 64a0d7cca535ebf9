/** Programs that scripts bring texts into files with, as far as their output follows from their input. */
import { fromBase64, unzipped } from "./bytes";
import type { Machine } from "./machine";
import { escapes } from "./shell-syntax";

/** Returns what `echo` prints, for the words after it. */
export function echoed(args: readonly string[]): string {
  const options = args.findIndex((word) => !/^-[neE]+$/.test(word));
  const flags = args.slice(0, options === -1 ? args.length : options).join("");
  const text = args.slice(options === -1 ? args.length : options).join(" ");
  // dash's echo, which Debian's scripts have, reads escapes without -e.
  return `${/\\n/.test(text) || flags.includes("e") ? escapes(text) : text}${flags.includes("n") ? "" : "\n"}`;
}

/** Returns what `printf` prints, for a format and its values. */
export function formatted([format = "", ...values]: readonly string[]): string {
  const holes = (format.match(/%[bqsdi]/g) ?? []).length;
  const rounds = holes === 0 ? 1 : Math.max(1, Math.ceil(values.length / holes));
  let used = 0;
  return Array.from({ length: Math.min(rounds, 1000) }, () =>
    escapes(format).replace(/%%|%[bqsdi]/g, (hole) => {
      if (hole === "%%") return "%";
      const value = values[used++] ?? "";
      return hole === "%b" ? escapes(value) : value;
    }),
  ).join("");
}

/** Returns what `base64` or `gunzip` make of a text; packed bytes are a text of one character a byte. */
export function decoded(machine: Machine, name: string, input: string, args: readonly string[]): string {
  if (name.endsWith("base64")) {
    if (!args.some((word) => /^(-\w*[dD]|--decode)/.test(word))) return Buffer.from(input).toString("base64");
    const bytes = fromBase64(input);
    // Packed bytes pass to a `gunzip` as they are.
    if (bytes !== undefined)
      return bytes.toString("latin1").startsWith("\u001f\u008b")
        ? bytes.toString("latin1")
        : bytes.toString("utf8");
    if (input !== "") machine.unread.add("decodes a base64 that cannot be decoded");
    return "";
  }
  if (name.endsWith("gzip") && !args.some((word) => /^-\w*d|--decompress/.test(word))) return "";
  const bytes = unzipped(Buffer.from(input, "latin1"));
  if (bytes === undefined) machine.unread.add("unpacks a gzip that is broken or too large");
  return bytes?.toString("utf8") ?? "";
}

/** Replacements are not made: what a file is for, they seldom change. A file that is edited in place stays as it is, and what a name server's becomes is told to be unread. */
export function filtered(machine: Machine, args: readonly string[], input: string): string {
  if (args.some((word) => /^-\w*i|--in-place/.test(word))) {
    const edited = args.find((word) => /^[^\s;{}]*(?:named[^\s/]*\.conf|\/bind\/)[^\s;{}]*$/.test(word));
    if (edited !== undefined) machine.unread.add(`edits ${edited} in place`);
    return "";
  }
  const plain = args.filter((word, i) => !word.startsWith("-") && !/^-[ef]$/.test(args[i - 1] ?? ""));
  const files = args.some((word) => /^-[ef]$|--expression/.test(word)) ? plain : plain.slice(1);
  return files.length === 0 ? input : files.map((file) => machine.read(file) ?? "").join("");
}

/** Arguments that are files: options of `install` that take a value go with it. */
function operands(args: readonly string[]): string[] {
  return args.filter((word, i) => !word.startsWith("-") && !/^-[mogS]$/.test(args[i - 1] ?? ""));
}

/** Follows `cp`, `mv` and `install`. */
export function copied(machine: Machine, name: string, args: readonly string[], input: string): string {
  const files = operands(args);
  const target = files.at(-1);
  if (target === undefined) return "";
  for (const file of files.slice(0, -1)) {
    if (file === "/dev/stdin" || file === "-") machine.write(target, input, false);
    else machine.copy(file, target);
    if (name.endsWith("mv")) machine.remove(file);
  }
  return "";
}
