/**
 * The official release of the Pulumi CLI, with its language host. Addresses as listed in the versions.json of
 * Pulumi's documentation: the archive, and a file of SHA-256 checksums for all archives of a version.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Report } from "./report";
import { engineVersion } from "./versions";

const site = "https://get.pulumi.com/releases/sdk";

async function fetchBytes(url: string, seconds: number): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function archiveName(): string {
  const arch = process.arch === "x64" ? "x64" : "arm64";
  return `pulumi-v${engineVersion}-${process.platform}-${arch}.tar.gz`;
}

function checksumOf(list: string, archive: string): string {
  const line = list.split("\n").find((entry) => entry.trim().endsWith(archive));
  if (line === undefined) throw new Error(`the list of checksums does not name ${archive}`);
  return line.trim().split(/\s+/)[0] ?? "";
}

/** Why a download failed, in a few words; fetch hides the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/**
 * @param home the folder that will hold `pulumi` and its language host; it appears only when it is complete.
 * @returns undefined when it is there, else why it could not be had: the caller has another way, and says so.
 */
export async function downloadEngine(home: string, report: Report): Promise<string | undefined> {
  const archive = archiveName();
  const work = `${home}.${process.pid}`;
  try {
    const wanted = checksumOf(
      (await fetchBytes(`${site}/pulumi-${engineVersion}-checksums.txt`, 10)).toString("utf8"),
      archive,
    );
    report(`Downloading Pulumi ${engineVersion} …`);
    const bytes = await fetchBytes(`${site}/${archive}`, 600);
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== wanted) throw new Error(`${archive} has checksum ${found}, not ${wanted}`);
    fs.mkdirSync(work, { recursive: true });
    fs.writeFileSync(path.join(work, archive), bytes);
    await promisify(execFile)("tar", ["-xzf", archive], { cwd: work });
    fs.rmSync(home, { recursive: true, force: true });
    fs.renameSync(path.join(work, "pulumi"), home);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
