/**
 * Finds a Pulumi CLI, or makes one: an installed one if it is recent enough and has its Node.js language host, else the
 * official download, else a build from the engine's Go module. What was made is kept in the user's cache directory.
 */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { buildEngine } from "./build";
import { downloadEngine } from "./download";
import { withLock } from "./lock";
import { onPath } from "../../../scripts/lib/on-path";
import type { Report } from "./report";
import { atLeast } from "../../../scripts/lib/versions";
import { engineVersion, oldestEngine } from "./versions";

const run = promisify(execFile);

export interface Engine {
  /** Path of the `pulumi` executable. */
  readonly pulumi: string;
  readonly version: string;
  /** false: there is no official language host beside it, ours is needed. */
  readonly complete: boolean;
  readonly source: "installed" | "downloaded" | "built";
}

async function versionOf(pulumi: string): Promise<string> {
  const { stdout } = await run(pulumi, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    timeout: 60_000,
  });
  return stdout.trim().replace(/^v/, "");
}

/**
 * The Pulumi CLI that the user has installed, whatever its version.
 * @param exclude folders that hold a CLI of the offline cloud, which is not the user's.
 */
export async function installedEngine(exclude: readonly string[] = []): Promise<Engine | undefined> {
  const list = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => !exclude.includes(folder));
  const pulumi = onPath("pulumi", list.join(path.delimiter));
  if (pulumi === undefined) return undefined;
  const beside = path.join(path.dirname(fs.realpathSync(pulumi)), "pulumi-language-nodejs");
  const complete =
    fs.existsSync(beside) || onPath("pulumi-language-nodejs", list.join(path.delimiter)) !== undefined;
  return { pulumi, version: await versionOf(pulumi), complete, source: "installed" };
}

export async function ensureEngine(
  cacheDir: string,
  exclude: readonly string[],
  report: Report,
): Promise<Engine> {
  const installed = await installedEngine(exclude);
  if (installed !== undefined && installed.complete && atLeast(installed.version, oldestEngine))
    return installed;
  if (installed !== undefined) {
    report(
      `The installed Pulumi ${installed.version} is ${installed.complete ? `older than ${oldestEngine}` : "without its Node.js language host"}: another one is used.`,
    );
  }
  const home = path.join(cacheDir, "engine", `v${engineVersion}`);
  return await withLock(`${home}.lock`, report, async () => cached(home) ?? (await make(home, report)));
}

function cached(home: string): Engine | undefined {
  for (const source of ["downloaded", "built"] as const) {
    const pulumi = path.join(home, source, "pulumi");
    if (fs.existsSync(pulumi))
      return { pulumi, version: engineVersion, complete: source === "downloaded", source };
  }
  return undefined;
}

async function make(home: string, report: Report): Promise<Engine> {
  fs.mkdirSync(home, { recursive: true });
  const refused = await downloadEngine(path.join(home, "downloaded"), report);
  if (refused !== undefined) {
    report(`The official download of Pulumi ${engineVersion} cannot be had (${refused}).`);
    await buildEngine(path.join(home, "built"), report);
  }
  const made = cached(home);
  if (made === undefined) throw new Error(`No Pulumi CLI was found in ${home} after it was made.`);
  return made;
}
