/** The fabric as a process that stays when a command ends. */
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CloudRecord } from "../daemon";
import { bundlePath } from "../engine/bundle";
import { letIn } from "../environment";
import { type Lab, labPaths, labRegion, processMark } from "../lab";
import { processesMarked, processesWithArguments } from "../processes";
import { FabricControl } from "./control-client";
import { FABRIC_MARK, type FabricPlace, fabricPlace, HOST_MARK, hostMark, SYSTEM_PATH } from "./names";

/** Whether a fabric serves this lab's cloud. */
export function fabricServes(lab: Lab, cloud: CloudRecord): boolean {
  const { ready } = fabricPlace(lab.directory);
  if (!fs.existsSync(ready) || !fs.readFileSync(ready, "utf8").includes(cloud.cloudId)) return false;
  return processesWithArguments("--directory", lab.directory).length > 0;
}

export function fabricControl(lab: Lab): FabricControl {
  return new FabricControl(fabricPlace(lab.directory).control);
}

/** Process id of the fabric, as this machine sees it; undefined if it does not run. */
export function fabricProcess(directory: string): number | undefined {
  return processesMarked(FABRIC_MARK, directory).find(({ pid }) => isFirst(pid))?.pid;
}

/** Process id of a host's systemd, as this machine sees it; undefined if it does not run. */
export function hostProcess(directory: string, key: string): number | undefined {
  const mark = hostMark(fabricPlace(directory), key);
  // What systemd has started may have the mark, too; systemd is the first process of its namespace.
  return processesMarked(HOST_MARK, mark).find(({ pid }) => isFirst(pid))?.pid;
}

function isFirst(pid: number): boolean {
  try {
    return /^NSpid:.*\t1$/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Linux's limit for the path of a socket, in bytes (unix(7)). */
const LONGEST_SOCKET = 107;

/** Starts the fabric and waits until it serves. @throws with the end of its log */
export async function startFabric(lab: Lab, cloud: CloudRecord): Promise<void> {
  const place = fabricPlace(lab.directory);
  const { bundles } = labPaths(lab);
  if (Buffer.byteLength(place.control) > LONGEST_SOCKET)
    throw new Error(
      `The path of the lab's folder, ${lab.directory}, is too long: sockets in it can't be reached. ` +
        `Have one that is ${Buffer.byteLength(place.control) - LONGEST_SOCKET} bytes shorter, by FAILOVER_LAB_DIR.`,
    );
  for (const folder of [path.dirname(place.log), path.dirname(place.ready)])
    fs.mkdirSync(folder, { recursive: true });
  fs.rmSync(place.ready, { force: true });
  const log = fs.openSync(place.log, "a");
  const own = [
    ["--directory", lab.directory],
    ["--cloud", cloud.url],
    ["--cloud-id", cloud.cloudId],
    ["--region", labRegion],
    ["--services", bundlePath(bundles, "vpc-services")],
  ];
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const program = [process.execPath, bundlePath(bundles, "fabric"), ...own.flat()];
  const child = spawn("unshare", [...namespaces, ...program], {
    cwd: lab.directory,
    detached: true,
    stdio: ["ignore", log, log],
    env: {
      ...letIn(process.env),
      PATH: SYSTEM_PATH,
      [FABRIC_MARK]: lab.directory,
      [processMark]: lab.directory,
    },
  });
  fs.closeSync(log);
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `it ended with ${signal ?? `exit code ${String(code)}`}`));
  while (!fs.existsSync(place.ready)) {
    if (ended !== undefined) {
      const tail = fs.readFileSync(place.log, "utf8").trimEnd().split("\n").slice(-15).join("\n");
      throw new Error(`The fabric did not start: ${ended}. Its log, ${place.log}, ends with:\n${tail}`);
    }
    await sleep(50);
  }
  child.unref();
}

/**
 * Ends the fabric with all hosts, and removes everything of it, also what an earlier one has left that was killed.
 *
 * @returns whether there was anything
 */
export async function stopFabric(directory: string): Promise<boolean> {
  const place = fabricPlace(directory);
  const root = path.dirname(place.ready);
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = processesWithArguments("--cloud-id").filter(({ command }) =>
      command.includes(`--directory ${directory} --cloud `),
    );
    for (const { pid } of found) kill(pid);
    if (found.length === 0) break;
    if (Date.now() > deadline)
      throw new Error(`The fabric does not end: ${found.map(({ pid }) => pid).join(", ")}`);
    await sleep(50);
  }
  const existed = fs.existsSync(root);
  if (existed) await removeControlGroups(place);
  // Consoles are kept: who wants to know why a host did not boot looks there.
  for (const entry of [place.disks, place.ready, place.control, place.dial, place.corporate])
    fs.rmSync(entry, { recursive: true, force: true });
  return existed;
}

/** With its first process, the kernel ends all others of a process namespace, and with them their namespaces and mounts. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const REMOVE_GROUPS = `
mount -t tmpfs tmpfs /mnt
mkdir /mnt/groups
mount -t cgroup2 none /mnt/groups
cd /mnt/groups
[ -d "$1" ] || exit 0
echo 1 >"$1/cgroup.kill"
find "$1" -depth -type d -exec rmdir {} +
`;

async function removeControlGroups({ cgroup }: FabricPlace): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const done = spawnSync("unshare", ["--mount", "sh", "-euc", REMOVE_GROUPS, "sh", cgroup], {
      encoding: "utf8",
      env: { PATH: SYSTEM_PATH },
    });
    if (done.status === 0) return;
    if (attempt === 50)
      throw new Error(`The control groups ${cgroup} cannot be removed: ${done.stderr.trim()}`);
    await sleep(100);
  }
}
