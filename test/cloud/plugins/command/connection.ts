import type * as Ssh2 from "ssh2";
import { type Duplex } from "node:stream";
import { dialIntoLab } from "../../fabric/dial";
import { Cancelled, messageOf } from "../frame/errors";
import { type In, number, object, required, text } from "../frame/fields";
import { pauseFor } from "../frame/wait";
import { type CommandContext } from "./context";

const endpoint = {
  host: required(text()),
  port: number(),
  user: text(),
  password: text(),
  privateKey: text(),
  privateKeyPassword: text(),
  agentSocketPath: text(),
  hostKey: text(),
  perDialTimeout: number(),
  dialErrorLimit: number(),
};
export const connectionField = required(object({ ...endpoint, proxy: object(endpoint) }, {}));
/** The SDK makes the whole connection secret; where and as whom must be in a message that is to help. */
export const SHOWN = ["connection.host", "connection.user", "connection.proxy.host", "connection.proxy.user"];
type Endpoint = In<typeof endpoint>;
export type Connection = Endpoint & { readonly proxy?: Endpoint };

/** Connects, lets `work` use the connection, and ends it whatever happens. */
export async function connected<T>(
  context: CommandContext,
  connection: Connection,
  work: (client: Ssh2.Client) => Promise<T>,
): Promise<T> {
  const ssh2 = await import("ssh2");
  const open: Ssh2.Client[] = [];
  const stop = (): void => {
    for (const client of open.reverse()) client.destroy();
  };
  context.signal.addEventListener("abort", stop, { once: true });
  try {
    let through: Duplex | undefined;
    if (connection.proxy) {
      const bastion = await dial(context, ssh2, connection.proxy, undefined, open);
      through = await tunnel(bastion, connection);
    }
    return await work(await dial(context, ssh2, connection, through, open));
  } catch (error) {
    if (context.signal.aborted) throw new Cancelled(context.doing);
    throw error;
  } finally {
    context.signal.removeEventListener("abort", stop);
    for (const client of open.reverse()) client.end();
  }
}

function tunnel(bastion: Ssh2.Client, target: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    bastion.forwardOut("127.0.0.1", 0, target.host, target.port ?? 22, (error, channel) => {
      if (error)
        reject(
          new Error(
            `the proxy can't reach ${nameOf(target)}: ${error.message}. Check the address and the proxy's network.`,
          ),
        );
      else resolve(channel);
    });
  });
}

const nameOf = (target: Endpoint): string =>
  `${target.user ?? "root"}@${target.host}:${String(target.port ?? 22)}`;

async function dial(
  context: CommandContext,
  ssh2: typeof Ssh2,
  target: Endpoint,
  through: Duplex | undefined,
  open: Ssh2.Client[],
): Promise<Ssh2.Client> {
  const limit = target.dialErrorLimit ?? 10;
  for (let attempt = 1; ; attempt++) {
    try {
      const client = await dialOnce(ssh2, target, through);
      open.push(client);
      return client;
    } catch (error) {
      if (context.signal.aborted) throw new Cancelled(context.doing);
      // A tunnel is used up by one attempt; a wrong host key stays wrong.
      const final =
        through !== undefined || error instanceof WrongHostKey || (limit >= 0 && attempt >= limit);
      if (final) {
        const remedy = "Check host, port, user, key and that the machine runs, or raise dialErrorLimit.";
        const tries = attempt === 1 ? "" : ` after ${String(attempt)} attempts`;
        throw new Error(`can't connect to ${nameOf(target)}${tries}: ${messageOf(error)}. ${remedy}`, {
          cause: error,
        });
      }
      context.say(
        `dialling ${nameOf(target)}, attempt ${String(attempt)} of ${limit < 0 ? "any number" : String(limit)}: ${messageOf(error)}`,
      );
      await pauseFor(context, Math.min(200 * 1.7 ** attempt, 10_000));
    }
  }
}

class WrongHostKey extends Error {}

async function dialOnce(ssh2: typeof Ssh2, target: Endpoint, sock: Duplex | undefined): Promise<Ssh2.Client> {
  const client = new ssh2.Client();
  // In the packet lab hosts are in networks of their own: they are reached from the corporate one.
  const inside = sock ?? (await dialIntoLab(process.env.FAILOVER_LAB_DIR, target.host, target.port ?? 22));
  const expected = keyBlob(target.hostKey);
  let refused: Error | undefined;
  return await new Promise((resolve, reject) => {
    client.once("ready", () => {
      // From here on a broken connection is seen by what uses it.
      client.removeAllListeners("error").on("error", () => undefined);
      resolve(client);
    });
    client.once("error", (error) => {
      client.destroy();
      reject(refused ?? error);
    });
    client.connect({
      host: target.host,
      port: target.port ?? 22,
      username: target.user ?? "root",
      password: target.privateKey === undefined ? target.password : undefined,
      privateKey: target.privateKey,
      passphrase: target.privateKeyPassword,
      agent:
        target.agentSocketPath ??
        (target.privateKey === undefined && target.password === undefined
          ? process.env["SSH_AUTH_SOCK"]
          : undefined),
      readyTimeout: (target.perDialTimeout ?? 15) * 1000,
      sock: inside,
      hostVerifier: (offered: Buffer) => {
        if (expected === undefined || offered.toString("base64") === expected) return true;
        refused = new WrongHostKey(
          `the host key isn't the one in hostKey (offered ${typeOf(offered)} ${offered.toString("base64")})`,
        );
        return false;
      },
    });
  });
}

/** The key itself, from `ssh-ed25519 AAAA…` as in authorized_keys, or from a line of known_hosts. */
function keyBlob(hostKey: string | undefined): string | undefined {
  if (hostKey === undefined || hostKey.trim() === "") return undefined;
  const blob = hostKey.split(/\s+/).find((part) => part.startsWith("AAAA"));
  if (blob === undefined)
    throw new WrongHostKey(
      'hostKey isn\'t a public key such as "ssh-ed25519 AAAA…". Take the line from ssh-keyscan',
    );
  return blob;
}

const typeOf = (blob: Buffer): string => blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("ascii");
