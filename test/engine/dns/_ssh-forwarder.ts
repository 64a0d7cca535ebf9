/**
 * A forwarder with real BIND and OpenSSH in namespaces of its own. The test listens on a loopback address for it and
 * hands each connection to an sshd inside, as inetd does; so nothing of the machine's own network or files is touched.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import { FORWARDER } from "../../unit/dns/_forwarder";

export interface SshForwarder {
  readonly host: string;
  readonly port: number;
  /** As in known_hosts. */
  readonly hostKey: string;
  /** What `/etc/named.conf` says. */
  file(): string;
  /** Runs bash lines inside and gives what they write; throws if they fail. */
  inside(script: string): string;
  close(): void;
}

export interface SshForwarderArgs {
  /** A loopback address. */
  host: string;
  /** 0: any that is free. */
  port: number;
  /** As in authorized_keys. */
  publicKey: string;
  /** Told when a connection begins and ends. */
  connection: (what: "begins" | "ends") => void;
}

const SSHD = `
mkdir -p /run/sshd /mnt/ssh
usermod -p '*' root
ssh-keygen -q -t ed25519 -N '' -f /mnt/ssh/host
cat >/mnt/ssh/config <<'END'
HostKey /mnt/ssh/host
AuthorizedKeysFile /mnt/ssh/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
END
`;

export async function startSshForwarder(args: SshForwarderArgs): Promise<SshForwarder> {
  const script = `set -eu
mount --make-rprivate /
ip link set lo up
${FORWARDER}${SSHD}
echo '${args.publicKey}' >/mnt/ssh/authorized
cat /mnt/ssh/host.pub
# Until the test closes the pipe, or dies: the first process takes all others with it.
exec 3<&0; while read -r _ <&3; do :; done`;
  const flags = ["--net", "--mount", "--pid", "--mount-proc", "--kill-child"];
  const child = spawn("unshare", [...flags, "bash", "-c", script], { stdio: ["pipe", "pipe", "pipe"] });
  const hostKey = await firstLine(child);
  const pid = fs.readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
  const enter = ["-t", pid, "-n", "-m", "-p"];

  const server = net.createServer((socket) => {
    args.connection("begins");
    const sshd = spawn("nsenter", [...enter, "/usr/sbin/sshd", "-i", "-f", "/mnt/ssh/config"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    socket.pipe(sshd.stdin);
    sshd.stdout.pipe(socket);
    // Either side may end first.
    for (const stream of [socket, sshd.stdin]) stream.on("error", () => sshd.kill());
    sshd.on("close", () => {
      args.connection("ends");
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(args.port, args.host, resolve);
  });
  return {
    host: args.host,
    port: (server.address() as net.AddressInfo).port,
    hostKey: hostKey.split(" ").slice(0, 2).join(" "),
    file: () => fs.readFileSync(`/proc/${pid}/root/etc/named.conf`, "utf8"),
    inside: (lines) => execFileSync("nsenter", [...enter, "bash", "-c", lines], { encoding: "utf8" }),
    close: () => {
      server.close();
      child.stdin?.end();
    },
  };
}

/** The first line that a program writes; or what went wrong, if it ends without one. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = "";
    let errors = "";
    child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
    child.stdout?.on("data", (data: Buffer) => {
      out += data.toString();
      if (out.includes("\n")) resolve(out.slice(0, out.indexOf("\n")));
    });
    child.once("error", reject);
    child.once("close", (code) => {
      reject(new Error(`The forwarder ended with ${String(code)}:\n${errors}`));
    });
  });
}
