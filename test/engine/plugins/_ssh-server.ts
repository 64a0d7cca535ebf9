/** An SSH server of the test's own: runs commands with /bin/sh, and serves files by SFTP. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { type AddressInfo } from "node:net";
import { type Attributes, type SFTPWrapper, Server, utils } from "ssh2";

export interface SshServer {
  readonly port: number;
  readonly privateKey: string;
  /** As in authorized_keys. */
  readonly hostKey: string;
  /** Every command that was run. */
  readonly commands: string[];
  close(): Promise<void>;
}

export async function startSshServer(): Promise<SshServer> {
  const host = utils.generateKeyPairSync("ed25519");
  const user = utils.generateKeyPairSync("ed25519");
  const allowed = utils.parseKey(user.public);
  if (allowed instanceof Error) throw allowed;
  const commands: string[] = [];
  const server = new Server({ hostKeys: [host.private] }, (client) => {
    // A client that ends abruptly is what some tests are about.
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      if (context.method !== "publickey" || !context.key.data.equals(allowed.getPublicSSH())) {
        context.reject(["publickey"]);
        return;
      }
      const { signature, blob, hashAlgo } = context;
      if (signature && blob && allowed.verify(blob, signature, hashAlgo) !== true) context.reject();
      else context.accept();
    });
    client.on("session", (accept) => {
      const session = accept();
      const environment: Record<string, string> = {};
      session.on("env", (acceptEnv, _reject, info) => {
        environment[info.key] = info.val;
        (acceptEnv as (() => void) | undefined)?.();
      });
      session.on("exec", (acceptExec, _reject, info) => {
        commands.push(info.command);
        const channel = acceptExec();
        const child = spawn("/bin/sh", ["-c", info.command], { env: { ...process.env, ...environment } });
        channel.pipe(child.stdin);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        child.on("close", (code) => {
          channel.exit(code ?? 255);
          channel.end();
        });
      });
      session.on("sftp", (acceptSftp) => {
        serveFiles(acceptSftp());
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    privateKey: user.private,
    hostKey: host.public,
    commands,
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      ),
  };
}

/** As much of the protocol as a client that uploads needs. */
function serveFiles(sftp: SFTPWrapper): void {
  const { OK, FAILURE, NO_SUCH_FILE } = utils.sftp.STATUS_CODE;
  const answer = (id: number, work: () => void): void => {
    try {
      work();
    } catch (error) {
      sftp.status(
        id,
        (error as NodeJS.ErrnoException).code === "ENOENT" ? NO_SUCH_FILE : FAILURE,
        String(error),
      );
    }
  };
  const done = (id: number, work: () => void): void => {
    answer(id, () => {
      work();
      sftp.status(id, OK);
    });
  };
  const number = (handle: Buffer): number => handle.readUInt32BE(0);
  sftp.on("STAT", (id, file) => {
    answer(id, () => {
      const { mode, uid, gid, size, atimeMs, mtimeMs } = fs.statSync(file);
      const attributes: Attributes = { mode, uid, gid, size, atime: atimeMs / 1000, mtime: mtimeMs / 1000 };
      sftp.attrs(id, attributes);
    });
  });
  sftp.on("MKDIR", (id, folder) => {
    done(id, () => {
      fs.mkdirSync(folder);
    });
  });
  sftp.on("OPEN", (id, file, flags, attributes) => {
    answer(id, () => {
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(
        fs.openSync(file, utils.sftp.flagsToString(flags) ?? "r", attributes.mode ?? 0o644),
      );
      sftp.handle(id, handle);
    });
  });
  sftp.on("WRITE", (id, handle, offset, data) => {
    done(id, () => {
      fs.writeSync(number(handle), data, 0, data.length, offset);
    });
  });
  sftp.on("FSETSTAT", (id, handle, attributes) => {
    done(id, () => {
      fs.fchmodSync(number(handle), attributes.mode);
    });
  });
  sftp.on("CLOSE", (id, handle) => {
    done(id, () => {
      fs.closeSync(number(handle));
    });
  });
}
