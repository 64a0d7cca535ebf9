import { randomBytes } from "node:crypto";
import { type Client } from "ssh2";
import { anything, list, text, words } from "../frame/fields";
import { type Values } from "../frame/values";
import { type Connection, connected, connectionField, SHOWN } from "./connection";
import {
  type CommandContext,
  commonFields,
  environmentOf,
  type Output,
  previousOutput,
  resource,
} from "./context";
import { state } from "./local";
import { failure, Streams } from "./stream";

const made = ["create", "update", "environment", "stdin", "triggers"];
const running = [...made, "connection", "addPreviousOutputInEnv", "logging"];

/** A command on another machine, over SSH. */
export const remoteCommand = resource({
  token: "command:remote:Command",
  inputs: {
    ...commonFields,
    connection: connectionField,
    create: text(),
    update: text(),
    delete: text(),
    triggers: list(anything(), { forceNew: true }),
  },
  outputs: words("stdout stderr"),
  follows: Object.fromEntries(running.map((name) => [name, ["stdout", "stderr"]])),
  derives: { stdout: made, stderr: made },
  virtual: true,
  shows: SHOWN,
  gone: [],
  async create(context, inputs) {
    context.output = await runIfSet(context, inputs.create, inputs, {});
    return randomBytes(4).toString("hex");
  },
  read: (context, id, prior) => Promise.resolve(state(context, id, prior.inputs, prior.state)),
  async update(context, _id, news, changes, old) {
    if (changes.has(...running))
      context.output = await runIfSet(context, news.update ?? news.create, news, old);
  },
  async delete(context, _id, old) {
    await runIfSet(context, old["delete"], old, old);
  },
});

async function runIfSet(
  context: CommandContext,
  command: unknown,
  inputs: Values,
  old: Values,
): Promise<Output> {
  if (typeof command !== "string" || command === "") return { stdout: "", stderr: "" };
  const connection = inputs["connection"] as unknown as Connection;
  return await connected(context, connection, (client) => execute(context, client, command, inputs, old));
}

function execute(
  context: CommandContext,
  client: Client,
  command: string,
  inputs: Values,
  old: Values,
): Promise<Output> {
  const streams = new Streams(context, inputs["logging"] as string | undefined);
  const env = { ...previousOutput(inputs, old), ...environmentOf(inputs) };
  const { host } = inputs["connection"] as unknown as Connection;
  return new Promise((resolve, reject) => {
    client.exec(command, { env }, (error, channel) => {
      if (error) {
        reject(
          new Error(
            `${host} doesn't run commands: ${error.message}. Check the server's configuration and the user's shell.`,
          ),
        );
        return;
      }
      let how: string | undefined = "connection lost";
      channel.on("exit", (code: number | null, signal?: string) => {
        how =
          code === 0
            ? undefined
            : code === null
              ? `signal: ${signal ?? "unknown"}`
              : `exit status ${String(code)}`;
      });
      channel.setEncoding("utf8").on("data", (chunk: string) => {
        streams.write("stdout", chunk);
      });
      channel.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        streams.write("stderr", chunk);
      });
      channel.on("close", () => {
        const output = streams.end();
        if (how === undefined) resolve(output);
        else reject(failure(context, how, command, output, ` on ${host}`));
      });
      channel.end((inputs["stdin"] as string | undefined) ?? "");
    });
  });
}
