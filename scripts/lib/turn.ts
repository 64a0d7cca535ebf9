/**
 * One command at a time per stack. Pulumi refuses a second update; people who lose a zone start two failovers in the same
 * second, and both have to be carried out. The turn also covers what Pulumi's lock does not: the stack's configuration is
 * read before that lock is taken, so whoever changes it or starts an update from it has the turn first.
 *
 * The turn is a listening socket without a file (Linux's abstract names): the kernel gives it to one process, and takes it
 * back however that process ends, so it is never left behind. It is seen in one network namespace of one machine only;
 * beyond that, Pulumi's own lock decides (`locks.ts`).
 */
import { createHash } from "node:crypto";
import * as net from "node:net";
import { hostname } from "node:os";
import { UserError } from "./command";
import { type Patience, userName, waitVariable } from "./patience";

/** Who has the turn, as the holder itself says it. */
interface Holder {
  readonly pid: number;
  readonly user: string;
  readonly host: string;
  readonly since: string;
  /** The command, e.g. `failover overlay node2`. */
  readonly what: string;
}

export interface Turn {
  /** Gives the turn to the next one; the end of the process does it too. */
  end(): void;
}

/** @param place what names the stack on this machine, e.g. the lab's folder and the stack's name */
function socketName(place: string): string {
  return `\0failover-lab-${createHash("sha256").update(place).digest("hex").slice(0, 32)}`;
}

/**
 * Waits for the turn.
 * @param what the command, for those who wait for it
 * @throws UserError, naming the holder, when the turn does not come in time
 */
export async function takeTurn(
  place: string,
  what: string,
  bound: Patience,
  report: (line: string) => void,
): Promise<Turn> {
  const name = socketName(place);
  const me: Holder = { pid: process.pid, user: userName(), host: hostname(), since: now(), what };
  let told: string | undefined;
  let holder = silence;
  for (;;) {
    const turn = await claim(name, me);
    if (turn !== undefined) return turn;
    // A look so late that nobody could answer any more takes nothing away from what an earlier one has found.
    holder =
      (await waitForEnd(name, bound, (who) => {
        if (told === who) return;
        told = who;
        report(`Waiting for ${who}, at most ${Math.ceil(bound.left() / 1000)} s …`);
      })) ?? holder;
    if (bound.left() > 0) continue;
    throw new UserError(
      `${holder} still has the turn after ${bound.seconds} s of waiting: nothing was done here. Wait longer with ` +
        `${waitVariable}=SECONDS; if that command hangs, end it (kill PID), and run this again.`,
    );
  }
}

function now(): string {
  return new Date().toISOString();
}

/** @returns undefined when another process has it */
function claim(name: string, me: Holder): Promise<Turn | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      waiting.add(socket.unref());
      // Whoever waits may end at any time; then there is nobody left to tell.
      socket.on("error", () => waiting.delete(socket)).on("close", () => waiting.delete(socket));
      socket.write(`${JSON.stringify(me)}\n`);
    });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => {
      server.unref();
      resolve({
        end() {
          server.close();
          for (const socket of waiting) socket.destroy();
        },
      });
    });
  });
}

/** A suspended process accepts connections and says nothing. */
const silence = "another command on this stack, which does not say its name (is it suspended?)";

/**
 * Ends when the holder has given the turn up, or the time is over.
 * @returns who it was; undefined if it has not said so
 */
function waitForEnd(
  name: string,
  bound: Patience,
  found: (who: string) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect(name);
    let who: string | undefined;
    let text = "";
    const quiet = setTimeout(() => {
      found(silence);
    }, 1000);
    const over = setTimeout(() => socket.destroy(), bound.left());
    socket.setEncoding("utf8").on("data", (data: string) => {
      text += data;
      if (!text.endsWith("\n")) return;
      clearTimeout(quiet);
      who = describe(JSON.parse(text) as Holder);
      found(who);
    });
    // It has just ended: the turn is free, or somebody else's.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      clearTimeout(quiet);
      clearTimeout(over);
      resolve(who);
    });
  });
}

function describe({ pid, user, host, since, what }: Holder): string {
  return `\`${what}\` of ${user}@${host} (process ${pid}, since ${since})`;
}
