/** One key of a stack's configuration file, changed in place: comments and the other keys stay as they are. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parseDocument } from "yaml";

const project = "failover-lab";

export function stackConfigFile(root: string, stack: string): string {
  return path.join(root, "stacks", `Pulumi.${stack}.yaml`);
}

/**
 * @param value undefined removes the key
 * @returns what puts the file back as it was
 */
export function setStackConfig(file: string, key: string, value: string | undefined): () => void {
  const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  const document = parseDocument(before ?? "{}");
  const place = ["config", `${project}:${key}`];
  if (value === undefined) document.deleteIn(place);
  else document.setIn(place, value);
  write(file, String(document));
  return () => {
    if (before === undefined) fs.rmSync(file, { force: true });
    else write(file, before);
  };
}

/** Whole or not at all: a kill in the middle must not cost the stack its configuration. */
function write(file: string, text: string): void {
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}
