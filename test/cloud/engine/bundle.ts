/**
 * The offline cloud's programs (language host, plugins, gateway) as one JavaScript file each. They start several times
 * in every update: a bundle loads in a fraction of the time that a TypeScript loader and hundreds of files take.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";

export const programs = {
  "language-host": "test/cloud/engine/language-host.ts",
  "orphan-guard": "test/cloud/engine/orphan-guard.ts",
  aws: "test/cloud/plugins/aws/main.ts",
  command: "test/cloud/plugins/command/main.ts",
  gateway: "test/cloud/api/main.ts",
} as const;

export type Program = keyof typeof programs;

export function bundlePath(directory: string, program: Program): string {
  return path.join(directory, `${program}.cjs`);
}

/** Writes all bundles; a file that a running process reads is replaced whole, never half. */
export function bundleAll(root: string, directory: string): void {
  for (const [program, source] of Object.entries(programs) as [Program, string][]) {
    const out = bundlePath(directory, program);
    const partial = `${out}.${process.pid}`;
    buildSync({
      entryPoints: [path.join(root, source)],
      outfile: partial,
      bundle: true,
      platform: "node",
      target: "node20",
      minifySyntax: true,
      legalComments: "none",
      // Optional accelerators of ssh2, compiled at installation and so not here; it works without them.
      external: ["cpu-features", "*.node"],
      logLevel: "error",
    });
    fs.renameSync(partial, out);
  }
}
