import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The text of `requirements.txt`. A bundled program has no folder of its own beside that file, so the repository's
 * root is tried too: the lab's commands run there.
 */
export function readRequirements(): string {
  const candidates = [
    join(__dirname, "requirements.txt"),
    join(process.cwd(), "test", "cloud", "api", "requirements.txt"),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new Error(
      `Preparing Python for the fake AWS: requirements.txt was not found (looked for ${candidates.join(", ")}). ` +
        "Run the command from the repository's root.",
    );
  }
  return readFileSync(found, "utf8");
}
