import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type SFTPWrapper } from "ssh2";
import { type Problem } from "../frame/definition";
import { messageOf } from "../frame/errors";
import { anything, list, required, text } from "../frame/fields";
import { ARCHIVE, ASSET, isUnknown, isValues, SIGNATURE_KEY, type Values } from "../frame/values";
import { type Connection, connected, connectionField, SHOWN } from "./connection";
import { type CommandContext, resource } from "./context";

/** A file, a text or a folder, copied to another machine over SFTP. Deleting the resource deletes nothing there. */
export const copyToRemote = resource({
  token: "command:remote:CopyToRemote",
  inputs: {
    connection: connectionField,
    remotePath: required(text()),
    // The engine computes the hash of what the asset holds: that is what counts, wherever the file lies.
    source: required(
      anything({ normalise: (value) => (isValues(value) ? (value["hash"] ?? value) : value) }),
    ),
    triggers: list(anything(), { forceNew: true }),
  },
  outputs: [],
  virtual: true,
  shows: SHOWN,
  gone: [],
  check: (inputs) => checkSource(inputs.source),
  async create(context, inputs) {
    await copy(context, inputs);
    return randomBytes(4).toString("hex");
  },
  read(_context, id, prior) {
    const known = Object.keys(prior.inputs).length > 0 ? prior.inputs : prior.state;
    if (Object.keys(known).length === 0)
      throw new Error("a copy can't be imported, as there is nothing to read. Let the program create it.");
    return Promise.resolve({ ...known, id });
  },
  async update(context, _id, news) {
    await copy(context, news);
  },
  delete(context, id) {
    context.say(`what ${id} copied stays on the other machine, as with the official provider`, "debug");
    return Promise.resolve();
  },
});

function checkSource(source: unknown): Problem[] {
  if (isUnknown(source)) return [];
  const given = isValues(source) ? source : {};
  const asset =
    given[SIGNATURE_KEY] === ASSET && (given["text"] !== undefined || given["path"] !== undefined);
  const folder = given[SIGNATURE_KEY] === ARCHIVE && given["path"] !== undefined;
  if (asset || folder) return [];
  return [
    {
      property: "source",
      reason: "source must be a FileAsset, a StringAsset or a FileArchive. Use one of them.",
    },
  ];
}

async function copy(context: CommandContext, inputs: Values): Promise<void> {
  const source = inputs["source"] as Values;
  const target = String(inputs["remotePath"]);
  const connection = inputs["connection"] as unknown as Connection;
  await connected(context, connection, async (client) => {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, opened) => {
        if (error)
          reject(
            new Error(
              `${connection.host} offers no SFTP: ${error.message}. Enable the server's sftp subsystem.`,
            ),
          );
        else resolve(opened);
      });
    });
    const remote = new Remote(sftp, connection.host);
    await remote.makeFolder(path.posix.dirname(target));
    if (typeof source["text"] === "string")
      await remote.write(target, Buffer.from(source["text"], "utf8"), 0o644);
    else await remote.put(String(source["path"]), target);
  });
}

type Callback<T> = (error: Error | null | undefined, value: T) => void;

class Remote {
  constructor(
    private readonly sftp: SFTPWrapper,
    private readonly host: string,
  ) {}

  /** Into an existing folder, or to that name: as `cp -r` does. */
  async put(local: string, target: string): Promise<void> {
    const to =
      (await this.kind(target)) === "folder" ? path.posix.join(target, path.basename(local)) : target;
    const stat = await fs.stat(local);
    if (!stat.isDirectory()) {
      await this.write(to, await fs.readFile(local), stat.mode & 0o777);
      return;
    }
    await this.makeFolder(to);
    for (const name of await fs.readdir(local))
      await this.putInto(path.join(local, name), path.posix.join(to, name));
  }

  async write(target: string, content: Buffer, mode: number): Promise<void> {
    await this.#ask<unknown>(`write ${target}`, (done) => {
      this.sftp.writeFile(target, content, { mode }, (error) => {
        done(error, undefined);
      });
    });
  }

  async makeFolder(folder: string): Promise<void> {
    if (folder === "." || folder === "/" || folder === "") return;
    const kind = await this.kind(folder);
    if (kind === "folder") return;
    if (kind === "file")
      throw new Error(
        `${folder} on ${this.host} is a file where a folder is needed. Remove it, or copy elsewhere.`,
      );
    await this.makeFolder(path.posix.dirname(folder));
    await this.#ask<unknown>(`make the folder ${folder}`, (done) => {
      this.sftp.mkdir(folder, (error) => {
        if (!error) {
          done(undefined, undefined);
          return;
        }
        // Another copy of the same update may have made it in the meantime.
        this.kind(folder).then(
          (now) => {
            done(now === "folder" ? undefined : error, undefined);
          },
          (failure: unknown) => {
            done(new Error(messageOf(failure)), undefined);
          },
        );
      });
    });
  }

  private async putInto(local: string, target: string): Promise<void> {
    const stat = await fs.stat(local);
    if (!stat.isDirectory()) {
      await this.write(target, await fs.readFile(local), stat.mode & 0o777);
      return;
    }
    await this.makeFolder(target);
    for (const name of await fs.readdir(local))
      await this.putInto(path.join(local, name), path.posix.join(target, name));
  }

  private kind(target: string): Promise<"file" | "folder" | undefined> {
    return new Promise((resolve, reject) => {
      this.sftp.stat(target, (error, stats) => {
        const code = (error as { code?: number } | undefined)?.code;
        // 2 is SSH_FX_NO_SUCH_FILE.
        if (code === 2) resolve(undefined);
        else if (error)
          reject(
            new Error(`can't look at ${target} on ${this.host}: ${error.message}. Check the user's rights.`),
          );
        else resolve(stats.isDirectory() ? "folder" : "file");
      });
    });
  }

  async #ask<T>(what: string, ask: (done: Callback<T>) => void): Promise<T> {
    return await new Promise((resolve, reject) => {
      ask((error, value) => {
        if (error)
          reject(
            new Error(
              `can't ${what} on ${this.host}: ${messageOf(error)}. Check the user's rights and the disk.`,
            ),
          );
        else resolve(value);
      });
    });
  }
}
