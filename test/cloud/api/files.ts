import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The path of a file of this folder. A bundled program does not lie beside it, so the repository's root, in which the
 * lab's commands run, is tried too.
 *
 * @throws if it is in neither place
 */
export function ownFile(...path: string[]): string {
  const candidates = [join(__dirname, ...path), join(process.cwd(), "test", "cloud", "api", ...path)];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new Error(
    `${join(...path)} was not found (looked for ${candidates.join(", ")}). Run this in the repository's root.`,
  );
}
