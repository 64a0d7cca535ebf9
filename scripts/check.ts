/** `npm run check`: everything that can be judged without running the product. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensurePython } from "../test/cloud/api/python";
import { ownLab } from "../test/cloud/lab";
import { command, report } from "./lib/command";

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Verdict {
  readonly name: string;
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

const line = {
  name: "check",
  description:
    "Judges everything that can be judged without running the product: types, lint, format, imports, shell.",
  examples: [["npm run check", "runs all of them, two at once"]],
} as const;

command(line, async () => {
  const lab = ownLab();
  const local = (tool: string): string => path.join(lab.root, "node_modules", ".bin", tool);
  const { binDir } = await ensurePython(lab.cacheDir, report);
  const checks: Check[] = [
    { name: "types", command: local("tsc"), args: ["--noEmit", "-p", "."] },
    { name: "lint", command: local("eslint"), args: [".", "--cache", "--cache-location", ".lab/eslint/"] },
    { name: "format", command: local("prettier"), args: ["--check", "--log-level", "warn", "."] },
    {
      name: "imports",
      command: local("depcruise"),
      args: ["stacks", "components", "policy", "scripts", "test", "--output-type", "err-long"],
    },
    { name: "shell", command: path.join(binDir, "shellcheck"), args: shellScripts(lab.root) },
  ];
  const failed = (await inTurns(checks, lab.root)).filter((verdict) => verdict.code !== 0);
  for (const { name, output } of failed) report(`\n${name} failed:\n${output.trimEnd()}`);
  return failed.length === 0 ? 0 : 1;
});

/** Two at once: as many as the smallest machine has cores. The longest ones come first. */
async function inTurns(checks: readonly Check[], cwd: string): Promise<Verdict[]> {
  const waiting = [...checks];
  const verdicts: Verdict[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const verdict = await judge(check, cwd);
      report(`${verdict.code === 0 ? "ok    " : "FAILED"} ${verdict.name} (${verdict.seconds.toFixed(1)} s)`);
      verdicts.push(verdict);
    }
  };
  await Promise.all([worker(), worker()]);
  return verdicts;
}

async function judge({ name, command, args }: Check, cwd: string): Promise<Verdict> {
  const started = performance.now();
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (data: string) => (output += data));
    child.stderr.setEncoding("utf8").on("data", (data: string) => (output += data));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ name, code: code ?? 1, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** Files that begin with a shell's name, and `.ci/run`. */
function shellScripts(root: string): string[] {
  const folder = path.join(root, "scripts", "node");
  const scripts = fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => /^#!.*\b(sh|bash)\b/.test(fs.readFileSync(file, "utf8").split("\n", 1)[0] ?? ""));
  return [...scripts, path.join(root, ".ci", "run")];
}
