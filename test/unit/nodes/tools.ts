import { execFile, execFileSync } from "node:child_process";
import test, { type ExecutionContext } from "ava";

/** What a command did. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; an exit code is a result, a program that cannot be started is an error. */
export function run(
  program: string,
  args: string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env: { ...process.env, ...options.env }, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") reject(error);
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
    // A program that ends without reading its input breaks the pipe; what it did is in its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

/** Runs bash lines in namespaces of their own: the network and files stay as they are, and no server outlives them. */
export function inNamespace(script: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const lines = `set -eu\nmount --make-rprivate /\nip link set lo up\n${script}`;
  return run("unshare", ["--net", "--mount", "--pid", "--mount-proc", "--kill-child", "bash", "-c", lines], {
    env,
  });
}

// Where Debian keeps named-checkconf and the like; not every shell has it on PATH.
process.env.PATH = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;

/**
 * A test that needs tools of the machine: `root`, `namespaces`, a program on PATH or by its path. Where one is missing
 * it is reported as skipped with the reason, except in CI, where it runs and fails.
 */
export function testWith(...tools: string[]) {
  const missing = tools.filter((tool) => !has(tool));
  return (title: string, body: (t: ExecutionContext) => Promise<void>): void => {
    if (missing.length === 0 || process.env.CI) test(title, body);
    else test.skip(`${title} (skipped: this machine has no ${missing.join(", ")})`, body);
  };
}

function has(tool: string): boolean {
  if (tool === "root") return process.getuid?.() === 0;
  try {
    if (tool === "namespaces") execFileSync("unshare", ["--net", "--mount", "true"], { stdio: "ignore" });
    else execFileSync("sh", ["-c", 'command -v "$1"', "sh", tool], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
