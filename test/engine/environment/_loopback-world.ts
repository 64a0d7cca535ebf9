/**
 * A world of its own for commands: a network namespace in which every address leads to this machine, and every name is
 * asked of a server that writes it down. What goes to another address than 127.0.0.1 is counted by the kernel; nothing
 * leaves, and nothing waits for a time limit either: it is refused at once.
 */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export interface Seen {
  readonly code: number | null;
  readonly output: string;
  /** Names that were asked for. */
  readonly names: readonly string[];
  /** Packets to addresses that are not the loopback's. */
  readonly packets: number;
}

const counter = `table inet watch {
  counter away {}
  chain out {
    type filter hook output priority 0;
    ip daddr != 127.0.0.0/8 counter name away
    ip6 daddr != ::1 ip6 nexthdr != ipv6-icmp counter name away
  }
}`;

/** @returns why there can be no such world here; undefined when there can be */
export function whyNoWorld(): string | undefined {
  if (process.getuid?.() !== 0) return "it needs root, for a network namespace";
  const missing = ["unshare", "ip", "nft", "mount"].filter(
    (tool) => spawnSync("sh", ["-c", 'command -v "$0"', tool], { env: { PATH: tools } }).status !== 0,
  );
  return missing.length === 0 ? undefined : `it needs ${missing.join(", ")}`;
}

/** Not the PATH of a test: `nft` is a package of npm, too. */
const tools = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs a script of bash in such a world. @param environment all that the script has */
export async function inLoopbackWorld(script: string, environment: NodeJS.ProcessEnv): Promise<Seen> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loopback-"));
  const at = (name: string): string => path.join(folder, name);
  fs.writeFileSync(at("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  fs.writeFileSync(at("watch.nft"), counter);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quote(value ?? "")}`);
  fs.writeFileSync(at("script"), script);
  const names = quote(at("names"));
  const world = `
    set -e
    ip link set lo up
    ip route add local default dev lo
    ip -6 route add local default dev lo || true
    nft -f ${quote(at("watch.nft"))}
    mount --bind ${quote(at("resolv.conf"))} /etc/resolv.conf
    ${quote(process.execPath)} ${quote(path.join(__dirname, "watch-names.cjs"))} ${names} &
    watcher=$!
    while [ ! -e ${names} ]; do sleep 0.05; done
    code=0
    env -i ${variables.join(" ")} bash ${quote(at("script"))} || code=$?
    nft -j list counters > ${quote(at("counters"))}
    kill $watcher
    exit $code`;
  try {
    const { code, output } = await new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      const child = spawn("unshare", ["--net", "--mount", "bash", "-c", world], {
        env: { ...process.env, PATH: tools },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (data: string) => (text += data));
      child.stderr.setEncoding("utf8").on("data", (data: string) => (text += data));
      child.once("error", reject);
      child.once("close", (status) => {
        resolve({ code: status, output: text });
      });
    });
    const read = (name: string): string => (fs.existsSync(at(name)) ? fs.readFileSync(at(name), "utf8") : "");
    return {
      code,
      output,
      names: read("names")
        .split("\n")
        .filter((name) => name !== ""),
      packets: Number(/"packets": ?(\d+)/.exec(read("counters"))?.[1] ?? Number.NaN),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
