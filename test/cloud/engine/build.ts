/** Builds the Pulumi CLI from its Go module, with the ordinary Go tool chain. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { onPath } from "../../../scripts/lib/on-path";
import type { Report } from "./report";
import { engineVersion } from "./versions";

const cli = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** A module that exists only to name the CLI as its dependency. */
const files = {
  "go.mod": "module enginebuild\n\ngo 1.24\n",
  "main.go": `//go:build tools\n\npackage tools\n\nimport _ "${cli}"\n`,
};

async function go(args: readonly string[], cwd: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn("go", args, {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, GOFLAGS: "-mod=mod" },
    });
    const lines: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (data: string) => lines.push(data));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `go ${args[0] ?? ""} ended with ${signal ?? String(code)}:\n${lines.join("").slice(-2000)}`,
          ),
        );
    });
  });
}

/** Says every 15 seconds that the work goes on. */
async function withProgress(report: Report, what: string, work: () => Promise<void>): Promise<void> {
  const started = Date.now();
  report(`${what} …`);
  const timer = setInterval(() => {
    report(`  … still at it, ${Math.round((Date.now() - started) / 1000)} s`);
  }, 15_000);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** @param home the folder that will hold `pulumi`; it appears only when the build is complete. */
export async function buildEngine(home: string, report: Report): Promise<void> {
  if (onPath("go") === undefined) {
    throw new Error(
      `There is no Pulumi CLI, none could be downloaded, and there is no Go to build one. Install either the Pulumi CLI ` +
        `(pulumi.com/docs/install, version ${engineVersion} or near) or Go 1.24 or later (go.dev/dl), then run this again.`,
    );
  }
  const work = `${home}.${process.pid}`;
  fs.mkdirSync(work, { recursive: true });
  try {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(work, name), text);
    await withProgress(report, `Fetching the sources of Pulumi ${engineVersion}`, () =>
      go(["get", `${cli}@v${engineVersion}`], work),
    );
    const flags = `-s -w -X ${versionVariable}=${engineVersion}`;
    await withProgress(
      report,
      `Building Pulumi ${engineVersion} (once for this user; about 5 minutes on two cores)`,
      () => go(["build", "-ldflags", flags, "-o", path.join(work, "out", "pulumi"), cli], work),
    );
    fs.rmSync(home, { recursive: true, force: true });
    fs.renameSync(path.join(work, "out"), home);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
