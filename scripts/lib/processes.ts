/** Programs that commands run to their end. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /**
   * `inherit`: what it prints goes to the user; `pass`: the same, and it goes on when nobody reads it any more;
   * `capture`: to the caller. @default inherit
   */
  readonly output?: "inherit" | "pass" | "capture";
}

/**
 * Runs a program to its end. Ctrl-C reaches it through the terminal; this process then waits for it, since a Pulumi
 * that is interrupted still has its state to write.
 */
export async function runProgram(program: string, args: readonly string[], options: Options): Promise<Ended> {
  const output = options.output ?? "inherit";
  // A terminal is not closed half-way like a pipe, and Pulumi shows more on it.
  const inherit = output === "inherit" || (output === "pass" && process.stdout.isTTY && process.stderr.isTTY);
  const wait = (): void => undefined;
  process.on("SIGINT", wait);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env,
        stdio: inherit ? "inherit" : ["ignore", "pipe", "pipe"],
      });
      const parts = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const) {
        const stream = child[name];
        if (output === "pass") stream?.on("data", (data: Buffer) => process[name].write(data));
        else stream?.setEncoding("utf8").on("data", (data: string) => (parts[name] += data));
      }
      child.once("error", reject);
      child.once("close", (code, signal) => {
        resolve({ code: code ?? (signal === null ? 1 : 130), ...parts });
      });
    });
  } finally {
    process.off("SIGINT", wait);
  }
}

export interface EndedApart extends Ended {
  /** The signal that ended the program itself, e.g. SIGKILL. */
  readonly killedBy?: NodeJS.Signals;
  /** The signal by which the user asked this command to end; the program was asked in turn, and has ended since. */
  readonly interruptedBy?: NodeJS.Signals;
}

/**
 * Runs a program that must not be torn apart: in a session of its own, where neither Ctrl-C nor a closed terminal hits it
 * and its children all at once, and with its output in files, so that it goes on even if this process is killed.
 * SIGINT and SIGTERM are passed on to it as SIGINT, by which Pulumi finishes what it has begun; a hang-up is not.
 */
export async function runApart(
  program: string,
  args: readonly string[],
  { cwd, env }: Pick<Options, "cwd" | "env">,
): Promise<EndedApart> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "failover-lab-update-"));
  const files = [path.join(folder, "stdout"), path.join(folder, "stderr")] as const;
  const outputs = files.map((file) => fs.openSync(file, "w", 0o600));
  let interruptedBy: NodeJS.Signals | undefined;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", ...outputs] });
  for (const output of outputs) fs.closeSync(output);
  const pass = (signal: NodeJS.Signals): void => {
    interruptedBy = signal;
    child.kill("SIGINT");
  };
  const stay = (): void => undefined;
  const handlers = { SIGINT: pass, SIGTERM: pass, SIGHUP: stay };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  try {
    const { code, killedBy } = await new Promise<{ code: number; killedBy?: NodeJS.Signals }>(
      (resolve, reject) => {
        child.once("error", reject);
        child.once("close", (status, signal) => {
          resolve({ code: status ?? 1, ...(signal === null ? {} : { killedBy: signal }) });
        });
      },
    );
    const [stdout, stderr] = files.map((file) => fs.readFileSync(file, "utf8"));
    return { code, stdout: stdout ?? "", stderr: stderr ?? "", killedBy, interruptedBy };
  } finally {
    for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a Pulumi runs under the process id, which may have been given to another program since. */
export function isPulumi(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pulumi");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
