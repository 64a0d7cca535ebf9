import { spawn } from "node:child_process";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** `inherit`: what it prints goes to the user; `capture`: to the caller. @default inherit */
  readonly output?: "inherit" | "capture";
}

/**
 * Runs a program to its end. Ctrl-C reaches it through the terminal; this process then waits for it, since a Pulumi
 * that is interrupted still has its state to write.
 */
export async function runProgram(program: string, args: readonly string[], options: Options): Promise<Ended> {
  const capture = options.output === "capture";
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env,
        stdio: capture ? ["ignore", "pipe", "pipe"] : "inherit",
      });
      const parts = { stdout: "", stderr: "" };
      child.stdout?.setEncoding("utf8").on("data", (data: string) => (parts.stdout += data));
      child.stderr?.setEncoding("utf8").on("data", (data: string) => (parts.stderr += data));
      child.once("error", reject);
      child.once("close", (code, signal) => {
        resolve({ code: code ?? (signal === null ? 1 : 130), ...parts });
      });
    });
  } finally {
    process.off("SIGINT", wait);
  }
}
