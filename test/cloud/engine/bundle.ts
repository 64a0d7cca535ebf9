/**
 * The offline cloud's programs (language host, plugins, gateway) and the dynamic resources' code as one JavaScript file
 * each. They start several times in every update: a bundle loads in a fraction of the time that a TypeScript loader and
 * hundreds of files take.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type * as esbuild from "esbuild";
import { isFresh } from "../../../components/loader/bundles.cjs";

export const programs = {
  "language-host": "test/cloud/engine/language-host.ts",
  "orphan-guard": "test/cloud/engine/orphan-guard.ts",
  "slow-packages": "components/loader/slow-packages.cjs",
  "quick-errors": "components/loader/quick-errors.cjs",
  aws: "test/cloud/plugins/aws/main.ts",
  command: "test/cloud/plugins/command/main.ts",
  "dynamic-provider": "test/cloud/engine/dynamic-provider.ts",
  gateway: "test/cloud/api/main.ts",
  // Programs of the packet lab.
  fabric: "test/cloud/fabric/main.ts",
  "vpc-services": "test/cloud/fabric/services/main.ts",
  probe: "test/cloud/probe/main.ts",
  // What the dynamic resources do; components/loader/checkout.cjs looks for it under this name.
  providers: "components/loader/providers.ts",
  mover: "components/failover/mover/main.ts",
} as const;

/** Read when they are used, if at all: see components/loader/slow-packages.cjs. */
const slowPackages = ["@npmcli/arborist", "typescript"];

export type Program = keyof typeof programs;

export function bundlePath(directory: string, program: Program): string {
  return path.join(directory, `${program}.cjs`);
}

/** Writes the bundles that are not fresh; a file that a running process reads is replaced whole, never half. */
export function bundleAll(root: string, directory: string): void {
  for (const [program, source] of Object.entries(programs) as [Program, string][]) {
    const out = bundlePath(directory, program);
    if (!isFresh(root, out)) bundle(root, source, out);
  }
}

function bundle(root: string, source: string, out: string): void {
  const partial = `${out}.${process.pid}`;
  // Read when it is used: a failover must run where development packages are not installed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { buildSync } = require("esbuild") as typeof esbuild;
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: partial,
    bundle: true,
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    // Optional accelerators of ssh2, compiled at installation and so not here; it works without them. And the library
    // for IAM, which reads its data from beside its own files.
    external: ["cpu-features", "*.node", "@cloud-copilot/*", ...slowPackages],
    metafile: true,
    logLevel: "error",
  });
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/"));
  fs.writeFileSync(`${out}.inputs.json`, JSON.stringify(own));
  fs.renameSync(partial, out);
}
