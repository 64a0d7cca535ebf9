import { execFile } from "node:child_process";

/**
 * Runs a program with the given text on its standard input.
 *
 * @returns its standard output
 * @throws with the command line and what it said on its standard error
 */
export function run(program: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${[program, ...args].join(" ")}: ${(stderr || error.message).trim()}`));
    });
    // A program that ends before it has read everything says why on its standard error.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

/** Runs a shell script whose arguments are `$1`, `$2`, …; it stops at the first command that fails. */
export function shell(script: string, ...args: readonly string[]): Promise<string> {
  return run("sh", ["-euc", script, "sh", ...args]);
}
