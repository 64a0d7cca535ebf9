import { spawn, type ChildProcess } from "node:child_process";
import { MOTO_SERVE } from "./serve";

const START_LIMIT_MS = 60_000;
const KEPT_OUTPUT = 4_000;

/** AWS knows its images and instance types; moto looks only if it is told to. */
const VALIDATIONS = { MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION: "true", MOTO_ENABLE_AMI_VALIDATION: "true" };

/** Reads its program from standard input, which then stays open: in a list of processes the program would be long. */
const LOADER =
  "import sys; exec(sys.stdin.buffer.read(int(sys.stdin.buffer.readline())).decode())  # moto, the fake AWS";

/** A running moto. */
export interface Moto {
  readonly port: number;
  readonly pid: number;
  /** Why it ended, as far as it told; undefined while it runs. */
  death(): string | undefined;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts moto with the given interpreter and waits until it listens.
 *
 * @throws if it ends first or does not listen in time, with what it printed
 */
export async function startMoto(python: string): Promise<Moto> {
  const environment = { ...process.env, PYTHONUNBUFFERED: "1", ...VALIDATIONS };
  const child = spawn(python, ["-c", LOADER], { stdio: ["pipe", "pipe", "pipe"], env: environment });
  child.stdin.write(`${Buffer.byteLength(MOTO_SERVE)}\n${MOTO_SERVE}`);
  let output = "";
  const keep = (chunk: string): void => {
    output = (output + chunk).slice(-KEPT_OUTPUT);
  };
  child.stderr.setEncoding("utf8").on("data", keep);
  // Writing to a dead child's pipe is reported by its exit.
  child.stdin.on("error", (error) => {
    keep(error.message);
  });

  let death: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const note = (how: string): void => {
      death ??= `${how}${output.trim() === "" ? "" : `; its last words:\n${output.trim()}`}`;
      resolve();
    };
    child.on("error", (error) => {
      note(`it could not be started: ${error.message}`);
    });
    child.on("exit", (code, signal) => {
      note(signal === null ? `it exited with code ${String(code)}` : `it was ended by ${signal}`);
    });
  });

  const port = await listening(child, keep, ended, () => death);
  return {
    port,
    pid: child.pid ?? 0,
    death: () => death,
    stop: async () => {
      child.stdin.end();
      const force = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await ended;
      clearTimeout(force);
    },
  };
}

function listening(
  child: ChildProcess & { stdout: NodeJS.ReadableStream },
  keep: (chunk: string) => void,
  ended: Promise<void>,
  death: () => string | undefined,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (found: string): void => {
      clearTimeout(limit);
      child.kill("SIGKILL");
      reject(new Error(`Starting the fake AWS: moto does not run: ${found}`));
    };
    const limit = setTimeout(() => {
      fail(`it does not listen after ${START_LIMIT_MS / 1000} s`);
    }, START_LIMIT_MS);
    let seen = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (chunk: string) => {
      keep(chunk);
      seen += chunk;
      const port = /READY (\d+)/.exec(seen)?.[1];
      if (port === undefined) return;
      clearTimeout(limit);
      resolve(Number(port));
    });
    void ended.then(() => {
      fail(death() ?? "it ended");
    });
  });
}
