import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Cancelled } from "../frame/errors";
import { list, anything, required, text, words } from "../frame/fields";
import { type Values } from "../frame/values";
import {
  type CommandContext,
  environmentOf,
  invoke,
  localFields,
  type Output,
  previousOutput,
  resource,
} from "./context";
import { failure, Streams } from "./stream";

const made = ["create", "update", "environment", "stdin", "triggers"];

/** A command on this machine, run when the resource is made, changed and deleted. */
export const localCommand = resource({
  token: "command:local:Command",
  inputs: {
    ...localFields,
    create: text(),
    update: text(),
    delete: text(),
    triggers: list(anything(), { forceNew: true }),
  },
  outputs: words("stdout stderr"),
  follows: Object.fromEntries(
    [...made, ...Object.keys(localFields)].map((name) => [name, ["stdout", "stderr"]]),
  ),
  derives: { stdout: made, stderr: made },
  virtual: true,
  gone: [],
  async create(context, inputs) {
    context.output = await runIfSet(context, inputs.create, inputs, {});
    return randomBytes(4).toString("hex");
  },
  read: (context, id, prior) => Promise.resolve(state(context, id, prior.inputs, prior.state)),
  async update(context, _id, news, changes, old) {
    // Only what the deletion runs changed: nothing has to run now.
    if (!changes.has(...made, ...Object.keys(localFields))) return;
    context.output = await runIfSet(context, news.update ?? news.create, news, old);
  },
  async delete(context, _id, old) {
    await runIfSet(context, old["delete"], old, old);
  },
});

export const localRun = invoke({
  token: "command:local:run",
  inputs: { ...localFields, command: required(text()) },
  async run(context, inputs) {
    return { ...inputs, ...(await run(context, inputs.command, inputs, {})) };
  },
});

/** There is nothing in a cloud: what was known is the state, with what a command has just written. */
export function state(context: CommandContext, id: string, inputs: Values, old: Values): Values | undefined {
  if (Object.keys(inputs).length === 0 && Object.keys(old).length === 0) {
    throw new Error("a command can't be imported, as there is nothing to read. Let the program create it.");
  }
  const output = context.output ?? { stdout: old["stdout"] ?? "", stderr: old["stderr"] ?? "" };
  return { ...inputs, ...output, id };
}

async function runIfSet(
  context: CommandContext,
  command: unknown,
  inputs: Values,
  old: Values,
): Promise<Output> {
  if (typeof command !== "string" || command === "") return { stdout: "", stderr: "" };
  return await run(context, command, inputs, previousOutput(inputs, old));
}

async function run(
  context: CommandContext,
  command: string,
  inputs: Values,
  more: Record<string, string>,
): Promise<Output> {
  const [program = "/bin/sh", ...options] = (inputs["interpreter"] as string[] | undefined) ?? [
    "/bin/sh",
    "-c",
  ];
  const streams = new Streams(context, inputs["logging"] as string | undefined);
  const child = spawn(program, [...options, command], {
    cwd: inputs["dir"] as string | undefined,
    env: { ...process.env, ...more, ...environmentOf(inputs) },
    // A group of its own, so that a cancelled command takes its children with it.
    detached: true,
  });
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
  };
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      streams.write("stdout", chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      streams.write("stderr", chunk);
    });
    const how = await new Promise<string | undefined>((resolve, reject) => {
      child.on("error", (error) => {
        const directory = inputs["dir"] as string | undefined;
        const from = directory === undefined ? "" : ` in ${directory}`;
        reject(
          new Error(`can't start ${program}${from}: ${error.message}. Check interpreter and dir.`, {
            cause: error,
          }),
        );
      });
      child.on("close", (code, signal) => {
        resolve(code === 0 ? undefined : signal ? `signal: ${signal}` : `exit status ${String(code)}`);
      });
      // A command that doesn't read its input closes the pipe: its own affair, and seen by its exit code.
      child.stdin.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") reject(error);
      });
      child.stdin.end((inputs["stdin"] as string | undefined) ?? "");
    });
    const output = streams.end();
    if (context.signal.aborted) throw new Cancelled(context.doing);
    if (how !== undefined) throw failure(context, how, command, output);
    return output;
  } finally {
    context.signal.removeEventListener("abort", stop);
  }
}
