/** One key of a stack's configuration file, changed in place: comments and the other keys stay as they are. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import { UserError } from "./command";
import { readProject } from "./project";

/** @param stack its name, or `organization/project/name` */
export function stackConfigFile(root: string, stack: string): string {
  const name = stack.split("/").at(-1) ?? stack;
  return path.join(readProject(root).configFolder, `Pulumi.${name}.yaml`);
}

function read(file: string): { text: string | undefined; document: Document } {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  const document = parseDocument(text ?? "{}");
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    const { line, col } = mistake.linePos?.[0] ?? { line: 1, col: 1 };
    // The library's message repeats the place, and shows the line on further lines.
    const reason = mistake.message.split(/ at line \d+/)[0] ?? mistake.message;
    throw new UserError(`${file}:${line}:${col}: ${reason}. Correct that line, then run this again.`);
  }
  for (const [what, node] of [
    ["The file", document.contents] as const,
    ["config", document.get("config")] as const,
  ])
    if (node !== null && node !== undefined && !isMap(node))
      throw new UserError(`${file}: ${what} has to be a map of keys and values; see stacks/templates.`);
  return { text, document };
}

/** As close to how people write it as the library can. */
const textOf = (document: Document): string =>
  document.toString({ flowCollectionPadding: false, lineWidth: 0 });

/** @throws UserError with file and line when a stack's configuration can't be read; a missing file is none */
export function checkStackConfig(file: string): void {
  read(file);
}

/**
 * A copy of a stack's configuration with one key changed; the file itself stays as it is.
 * @param key with its namespace, e.g. `failover-lab:overlayActive`
 */
export function stackConfigWith(file: string, key: string, value: string): string {
  const { document } = read(file);
  document.setIn(["config", key], value);
  return textOf(document);
}

/**
 * Whoever changes the file has the turn (`turn.ts`).
 * @param key with its namespace, e.g. `failover-lab:overlayActive`
 * @returns what puts the key back to what it was, unless it was changed again since; other keys stay as they are then
 */
export function setStackConfig(file: string, key: string, value: string): () => void {
  const place = ["config", key];
  const { text: before, document } = read(file);
  const previous: unknown = document.getIn(place);
  document.setIn(place, value);
  const written = textOf(document);
  write(file, written);
  return () => {
    const now = read(file);
    if (now.text === written && before !== undefined) {
      write(file, before);
      return;
    }
    if (now.document.getIn(place) !== value) return;
    if (previous === undefined) now.document.deleteIn(place);
    else now.document.setIn(place, previous);
    write(file, textOf(now.document));
  };
}

/** Whole or not at all: a kill in the middle must not cost the stack its configuration. */
function write(file: string, text: string): void {
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}
