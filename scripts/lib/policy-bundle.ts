/**
 * The policy pack as one JavaScript file, its `main`. It is kept in git, so that `pulumi preview --policy-pack policy`
 * works with the official CLI from a fresh clone, and starts without compiling anything.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";

export function packFile(root: string): string {
  return path.join(root, "policy", "bin", "index.js");
}

/** The file's content, made from the sources as they are now. */
export function packCode(root: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [path.join("policy", "index.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    // The engine's own copies: two of gRPC in one process do not understand each other.
    external: ["@pulumi/*"],
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    banner: { js: "// Built from policy/index.ts by `npm run policy`; do not edit." },
    logLevel: "error",
  });
  return outputFiles.map((file) => file.text).join("");
}

/** Writes the file if it is not what the sources say. */
export function ensurePack(root: string): boolean {
  const [file, code] = [packFile(root), packCode(root)];
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === code) return false;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, code);
  return true;
}
