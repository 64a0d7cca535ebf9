import { PRIVATE } from "../names";
import { run } from "../kernel/run";
import { IMAGE_FILES } from "./image-files";

/**
 * Top-level folders of the machine that a host shares, read-only below its own layer. Everything else of the machine
 * (homes, checkouts, whatever there is) is not there in a host.
 */
const SHARED = ["bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc"];

/** Folders that begin empty: what is in the machine's is its own, not the image's. */
const EMPTY = [
  "boot",
  "dev",
  "home",
  "media",
  "mnt",
  "opt",
  "proc",
  "root",
  "run",
  "srv",
  "sys",
  "tmp",
  "var",
  "usr/local",
  "etc/bind",
  "etc/cloud",
  "etc/network",
  "etc/systemd/network",
  "etc/systemd/system",
];

const MADE = [
  "usr/local/bin",
  "usr/local/sbin",
  "etc/cloud/cloud.cfg.d",
  "etc/cloud/templates",
  "etc/systemd/system/multi-user.target.wants",
  "etc/systemd/system/sockets.target.wants",
  "etc/systemd/system/cloud-init.target.wants",
  "etc/iproute2",
  "var/cache",
  "var/lib",
  "var/log/journal",
  "var/spool",
  "var/tmp",
];

/** Units that the image starts. Everything else that the machine's packages would start is left out. */
const ENABLED: readonly (readonly [target: string, unit: string])[] = [
  ["multi-user.target", "systemd-networkd.service"],
  ["multi-user.target", "ssh.service"],
  ["multi-user.target", "ec2-net-utils.service"],
  ["multi-user.target", "cloud-init.target"],
  ["cloud-init.target", "cloud-init-local.service"],
  ["cloud-init.target", "cloud-init.service"],
  ["cloud-init.target", "cloud-config.service"],
  ["cloud-init.target", "cloud-final.service"],
];

const script = `
image=$1 shared=$2 empty=$3
mkdir -p "$image/upper" "$image/work" "$image/root"
cd "$image/upper"
# A character device 0/0 is a whiteout: what is below is not there. A folder that is then made hides what is below it.
for entry in /* /.[!.]*; do
  name=\${entry#/}
  case " $shared " in *" $name "*) ;; *) [ -e "$entry" ] && mknod "$name" c 0 0 ;; esac
done
for folder in $empty; do
  mkdir -p "$(dirname "$folder")"
  [ -e "$folder" ] || [ ! -e "/$folder" ] || mknod "$folder" c 0 0
done
rm -f "$image/upper/etc/.pwd.lock"
mount -t overlay overlay -o "lowerdir=/,upperdir=$image/upper,workdir=$image/work" "$image/root"
cd "$image/root"
mkdir -p $empty
chmod 1777 tmp
rm -f etc/ssh/ssh_host_* etc/machine-id etc/hostname etc/resolv.conf etc/os-release etc/mtab
ln -s /run var/run
ln -s /proc/self/mounts etc/mtab
`;

/**
 * Makes the layer that all hosts boot from, as an AMI is: the machine's programs, and nothing that is the machine's
 * own. It is in memory, since a layer may not lie within another one's file system.
 */
export async function makeImage(): Promise<void> {
  await run("sh", ["-euc", script, "sh", PRIVATE.image, SHARED.join(" "), EMPTY.join(" ")]);
  const root = `${PRIVATE.image}/root`;
  await run("sh", ["-euc", `cd "$1"; shift; mkdir -p "$@"; chmod 1777 var/tmp`, "sh", root, ...MADE]);
  for (const [file, { text, mode }] of Object.entries(IMAGE_FILES)) {
    await run(
      "sh",
      ["-euc", `mkdir -p "$(dirname "$1")"; cat >"$1"; chmod "$2" "$1"`, "sh", root + file, mode],
      text,
    );
  }
  for (const [target, unit] of ENABLED) {
    const wants = `${root}/etc/systemd/system/${target}.wants`;
    await run("ln", ["-s", `/lib/systemd/system/${unit}`, `${wants}/${unit}`]);
  }
  await run("umount", [root]);
}

/** The lower layers of a host, the topmost first. */
export const LAYERS = `${PRIVATE.image}/upper:/`;
