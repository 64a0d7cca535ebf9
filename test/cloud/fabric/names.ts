import { createHash } from "node:crypto";
import * as path from "node:path";

/** Where the fabric of a lab keeps its things, and what it marks its own with. Nothing here is shared with another lab. */
export interface FabricPlace {
  /** The lab's folder. */
  readonly directory: string;
  /** Control group of everything that runs in hosts. */
  readonly cgroup: string;
  /** Files of hosts: kept while they are stopped, gone with their instances. */
  readonly disks: string;
  /** What hosts say while they boot, one file each. */
  readonly consoles: string;
  readonly log: string;
  /** Written when the fabric serves; gone after an orderly end. */
  readonly ready: string;
  /** Where the fabric is asked and told things. */
  readonly control: string;
  /** Leads from the machine into the corporate network: where its administrators sit. */
  readonly dial: string;
  /** What the corporate network was told by the stack. */
  readonly corporate: string;
}

/** Where the fabric finds programs: npm puts those of packages before the machine's own (one is called nft, too). */
export const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Variable that every process of a lab's fabric has. */
export const FABRIC_MARK = "FAILOVER_LAB_FABRIC";
/** Variable of a host's first process: its name. */
export const HOST_MARK = "FAILOVER_LAB_HOST";

export function fabricPlace(directory: string): FabricPlace {
  const own = path.join(directory, "packets");
  return {
    directory,
    cgroup: `failover-lab-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`,
    disks: path.join(own, "disks"),
    consoles: path.join(own, "consoles"),
    log: path.join(directory, "logs", "fabric.log"),
    ready: path.join(own, "fabric.json"),
    control: path.join(own, "control.sock"),
    dial: path.join(own, "dial.sock"),
    corporate: path.join(own, "corporate.json"),
  };
}

/** By which a host's first process is found from outside. */
export const hostMark = (place: FabricPlace, key: string): string => `${place.directory}:${key}`;

/** The fabric's own folders, within its private mount namespace. */
export const PRIVATE = {
  root: "/run/failover-lab",
  image: "/run/failover-lab/image",
  cgroups: "/run/failover-lab/cgroups",
  hosts: "/run/failover-lab/hosts",
  dhcp: "/run/failover-lab/dhcp",
} as const;
