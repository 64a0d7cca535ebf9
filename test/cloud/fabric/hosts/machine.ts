import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { run, shell } from "../kernel/run";
import { type FabricPlace, HOST_MARK, hostMark, PRIVATE } from "../names";
import { BOOT } from "./boot";
import { ControlGroup } from "./cgroup";
import { LAYERS } from "./image";
import type { HostSpec } from "./spec";

/** How long an orderly shutdown may take, in milliseconds; then the plug is pulled. */
const SHUTDOWN_MS = 6000;

/** Enters the control group, the network namespace and new namespaces, in this order, and boots. */
const START = `
echo $$ >"$1/cgroup.procs"
network=$2
shift 2
exec nsenter --net="/run/netns/$network" \\
  unshare --mount --pid --uts --ipc --cgroup --fork --kill-child sh -euc "$@"
`;

/** One boot of a host: a systemd in namespaces of its own. */
export class Machine {
  private readonly group: ControlGroup;
  private child: ChildProcess | undefined;
  private over: Promise<void> = Promise.resolve();

  constructor(
    private readonly place: FabricPlace,
    private readonly spec: HostSpec,
  ) {
    this.group = new ControlGroup(place.cgroup, spec.key);
  }

  /** Makes what it boots in: its disk, if it is new, its control group, and its network namespace, still without links. */
  async prepare(): Promise<void> {
    const { key } = this.spec;
    const disk = diskOf(this.place, key);
    if (!fs.existsSync(disk)) {
      const fresh = `${disk}.new`;
      fs.rmSync(fresh, { recursive: true, force: true });
      fs.mkdirSync(path.join(fresh, "work"), { recursive: true });
      writeFiles(path.join(fresh, "upper"), this.spec.files);
      fs.renameSync(fresh, disk);
    }
    // The corporate network's hosts are configured by its people, at every start.
    if (this.spec.instance === undefined) writeFiles(path.join(disk, "upper"), this.spec.files);
    fs.mkdirSync(path.join(PRIVATE.hosts, key), { recursive: true });
    this.group.make();
    await shell('[ -e "/run/netns/$1" ] || ip netns add "$1"', key);
  }

  /** @param ended is called when it is over, whoever ended it */
  boot(ended: () => void): void {
    const { key, name, hostname } = this.spec;
    fs.mkdirSync(this.place.consoles, { recursive: true });
    const console = fs.openSync(consoleOf(this.place, name), "a");
    const mark = `${HOST_MARK}=${hostMark(this.place, key)}`;
    const boot = [
      BOOT,
      "boot",
      path.join(PRIVATE.hosts, key),
      LAYERS,
      diskOf(this.place, key),
      hostname,
      mark,
    ];
    const child = spawn("sh", ["-euc", START, "start", this.group.path, key, ...boot], {
      stdio: ["ignore", console, console],
      env: { PATH: process.env.PATH ?? "" },
    });
    fs.closeSync(console);
    this.child = child;
    this.over = new Promise((resolve) => {
      child.once("error", () => resolve());
      child.once("exit", () => resolve());
    });
    void this.over.then(ended);
  }

  /** Process id of its systemd, as the fabric sees it; undefined while there is none. */
  pid(): number | undefined {
    const parent = this.child?.pid;
    if (parent === undefined) return undefined;
    try {
      const children = fs.readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8");
      const [first] = children.split(" ").filter((text) => text !== "");
      return first === undefined ? undefined : Number(first);
    } catch (error) {
      if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    }
  }

  /** A file of it, as it is seen inside; undefined while there is none. */
  read(file: string): string | undefined {
    const pid = this.pid();
    if (pid === undefined) return undefined;
    try {
      return fs.readFileSync(`/proc/${pid}/root${file}`, "utf8");
    } catch (error) {
      if (["ENOENT", "ESRCH", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
        return undefined;
      throw error;
    }
  }

  freeze(frozen: boolean): void {
    this.group.freeze(frozen);
  }

  kill(): void {
    this.group.kill();
  }

  /** Ends it. Its network namespace stays until it is released. */
  async end(orderly: boolean): Promise<void> {
    const pid = orderly ? this.pid() : undefined;
    // As ACPI would: systemd(1), SIGRTMIN+4 powers off.
    if (pid !== undefined) await run("kill", ["-s", "RTMIN+4", String(pid)]).catch(() => undefined);
    const timer = setTimeout(() => this.kill(), pid === undefined ? 0 : SHUTDOWN_MS);
    await this.over;
    clearTimeout(timer);
    this.kill();
  }

  /** Takes away what it booted in, but for its disk; it has ended, and nobody plugs anything into it any more. */
  async release(): Promise<void> {
    await run("ip", ["netns", "delete", this.spec.key]);
    await this.group.remove();
  }
}

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
}

export const diskOf = (place: FabricPlace, key: string): string => path.join(place.disks, key);
export const consoleOf = (place: FabricPlace, name: string): string =>
  path.join(place.consoles, `${name}.log`);
