/** What a machine needs for packets, and how it comes by it. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Report } from "../engine/report";
import { SYSTEM_PATH } from "./names";

/** Programs that hosts and routers are made of, each with Debian's package. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "/lib/systemd/systemd": "systemd",
  "/usr/bin/cloud-init": "cloud-init",
  "/usr/bin/curl": "curl",
  "/usr/bin/dbus-daemon": "dbus",
  "/usr/bin/dig": "bind9-dnsutils",
  "/usr/bin/nsenter": "util-linux",
  "/usr/bin/ping": "iputils-ping",
  "/usr/bin/python3": "python3",
  "/usr/bin/sudo": "sudo",
  "/usr/bin/udevadm": "udev",
  "/usr/sbin/dhclient": "isc-dhcp-client",
  "/usr/sbin/dnsmasq": "dnsmasq-base",
  "/usr/sbin/ip": "iproute2",
  "/usr/sbin/named": "bind9",
  "/usr/sbin/nft": "nftables",
  "/usr/sbin/sshd": "openssh-server",
};

/** Why packets cannot be had here, each with its remedy; empty if they can. */
export function obstacles(): string[] {
  if (process.platform !== "linux")
    return ["the packet lab needs Linux: its hosts are made of kernel namespaces"];
  if (process.getuid?.() !== 0) {
    return [
      "the packet lab needs root, for network namespaces and mounts: run this as root, or without --packets",
    ];
  }
  const script =
    "mount -t tmpfs none /mnt && mkdir /mnt/c && mount -t cgroup2 none /mnt/c && ip netns list >/dev/null";
  const tried = spawnSync("unshare", ["--mount", "--pid", "--fork", "--net", "sh", "-euc", script], {
    encoding: "utf8",
    env: { PATH: SYSTEM_PATH },
  });
  if (tried.status === 0) return [];
  const why = (tried.stderr || (tried.error?.message ?? "")).trim().split("\n")[0] ?? "";
  return [
    `namespaces or mounts are not allowed here (${why}): run this on a machine of your own, ` +
      "or in a container with --privileged",
  ];
}

/** Debian packages whose programs are not there. */
export function missingPackages(): string[] {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !fs.existsSync(program));
  return [...new Set(missing.map(([, name]) => name))].sort();
}

/**
 * Installs what is missing, without starting any of it on this machine.
 *
 * @throws with what is missing and the command, if that is not possible
 */
export function installMissing(report: Report): void {
  const packages = missingPackages();
  if (packages.length === 0) return;
  const command = `apt-get install --yes --no-install-recommends ${packages.join(" ")}`;
  if (!fs.existsSync("/usr/bin/apt-get")) {
    throw new Error(
      `The packet lab needs the programs of Debian's packages ${packages.join(", ")}: install them.`,
    );
  }
  report(`Installing ${packages.join(", ")} (Debian packages, once per machine) …`);
  const restore = forbidStarting();
  try {
    const env = { ...process.env, PATH: SYSTEM_PATH, DEBIAN_FRONTEND: "noninteractive" };
    const options = { env, stdio: ["ignore", 2, 2] as ["ignore", number, number] };
    spawnSync("apt-get", ["update", "--quiet"], options);
    const done = spawnSync("sh", ["-c", command], options);
    if (done.status !== 0) throw new Error(`Packages could not be installed, see above. By hand: ${command}`);
  } finally {
    restore();
  }
  const left = missingPackages();
  if (left.length > 0) throw new Error(`Still missing after their installation: ${left.join(", ")}`);
}

/** Debian starts a service when it is installed, unless this file says no (invoke-rc.d(8)). */
function forbidStarting(): () => void {
  const file = "/usr/sbin/policy-rc.d";
  if (fs.existsSync(file) || !fs.existsSync(path.dirname(file))) return () => undefined;
  fs.writeFileSync(file, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  return () => fs.rmSync(file, { force: true });
}

/** Instances of inotify that one user may have on this machine: a host's systemd and its services use about fifteen. */
const INOTIFY_LIMIT = "/proc/sys/fs/inotify/max_user_instances";
const INOTIFY_NEEDED = 4096;

/**
 * Raises the one limit of the machine that hosts would soon reach. It stays raised: another lab may need it, and a limit
 * is no load.
 *
 * @throws if that is not allowed
 */
export function raiseLimits(report: Report): void {
  const now = Number(fs.readFileSync(INOTIFY_LIMIT, "utf8"));
  if (now >= INOTIFY_NEEDED) return;
  report(
    `Raising fs.inotify.max_user_instances of this machine from ${now} to ${INOTIFY_NEEDED}: hosts need them.`,
  );
  try {
    fs.writeFileSync(INOTIFY_LIMIT, String(INOTIFY_NEEDED));
  } catch (error) {
    throw new Error(
      `That is not allowed here: sysctl -w fs.inotify.max_user_instances=${INOTIFY_NEEDED} on the machine itself.`,
      { cause: error },
    );
  }
}
