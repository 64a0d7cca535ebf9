/**
 * Lets a process of its own carry moves out. An update can end at any time: Ctrl-C, a closed terminal, a kill of the
 * engine, which kills its providers. A move that has begun must not end with it, half done: the mover is in a session of
 * its own and goes on to its end, and leaves in the journal what came of it.
 */
import { type ChildProcess, fork } from "node:child_process";
import type { Mover } from "../provider/handlers";
import { kinds } from "../mechanisms";
import type { Kind } from "../mechanisms";
import { errorOf, type Reply, type Request } from "./protocol";

/** How the mover is started: a script, and what Node gets before it. */
export interface MoverCommand {
  readonly root: string;
  readonly nodeArgs: readonly string[];
  readonly script: string;
  readonly args: readonly string[];
}

export interface DetachedMover {
  readonly move: Mover;
  /** Starts the process, so that it has loaded what it needs when a move is due. */
  readonly warmUp: () => void;
}

export function detachedMover(kind: Kind, command: MoverCommand): DetachedMover {
  let waiting: ChildProcess | undefined;
  const start = (): ChildProcess => {
    const child = fork(command.script, [...command.args, command.root, kind], {
      cwd: command.root,
      detached: true,
      execArgv: [...command.nodeArgs],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.once("exit", () => {
      if (waiting === child) waiting = undefined;
    });
    // Without a listener an error of a process that nobody waits for would end this one.
    child.once("error", () => {
      if (waiting === child) waiting = undefined;
    });
    return child;
  };
  return {
    warmUp: () => {
      waiting ??= start();
    },
    move: async (service, to, { profile }) => {
      const child = waiting ?? start();
      waiting = undefined;
      const { identity, label } = kinds[kind];
      const id = identity.map((key) => String(service[key])).join("/");
      const request: Request = { kind, id, label: label(service), service, to, profile };
      return await ask(child, request);
    },
  };
}

async function ask(child: ChildProcess, request: Request): ReturnType<Mover> {
  const reply = await new Promise<Reply>((resolve, reject) => {
    child.once("message", (message) => {
      resolve(message as Reply);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const how = signal ?? `exit code ${String(code)}`;
      reject(
        new Error(
          `the process that moved ${request.label} to ${request.to} has ended (${how}) before it said what came of it`,
        ),
      );
    });
    child.send(request, (error) => {
      if (error !== null) reject(error);
    });
  });
  // It ends when this end of the channel is closed.
  if (child.connected) child.disconnect();
  if ("failure" in reply) throw errorOf(reply.failure);
  return reply.report;
}
