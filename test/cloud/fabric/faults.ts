/**
 * What a person has broken in a packet lab (`npm run lab:break`), as a small file beside the fabric's own.
 *
 * The contract with the fabric: the file is the wish, the fabric makes it so. It reads the file (`readFaults`) at each
 * reconciliation, and reconciles when the file has changed (`watchFaults`). What is listed is not repaired: a killed host
 * stays down and a frozen one stays frozen, for as long as its instance runs (an instance that is stopped, rebooted or
 * replaced by the API begins anew, and its faults are over: see `stillTrue`). What is listed no more is healed: the host boots
 * again, or goes on. Nothing but this file is needed to find out what is broken, also after a crash.
 */
import * as fs from "node:fs";
import * as path from "node:path";

export type Fault =
  /** The host's first process is killed, as if the machine under it had failed; the instance is `running`, impaired. */
  | { readonly kind: "kill"; readonly host: string; readonly boot?: string }
  /** No process of the host runs, though all are there; packets are received, and not answered. */
  | { readonly kind: "freeze"; readonly host: string; readonly boot?: string }
  /** No packet comes in or goes out on any interface of the host. */
  | { readonly kind: "cut"; readonly host: string }
  /** No packet crosses the border of the availability zone. */
  | { readonly kind: "cut-zone"; readonly zone: string }
  /** So many of a hundred packets are lost, in each direction. */
  | { readonly kind: "loss"; readonly host: string; readonly percent: number };

const fileOf = (directory: string): string => path.join(directory, "packets", "faults.json");

/**
 * Reads what is broken; nothing if nothing was broken yet.
 *
 * @param directory the lab's
 */
export function readFaults(directory: string): Fault[] {
  const file = fileOf(directory);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Fault[]) : [];
}

/** Writes what is broken from now on; whoever reads meanwhile gets the old list or the new one, whole. */
export function writeFaults(directory: string, faults: readonly Fault[]): void {
  const file = fileOf(directory);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, `${JSON.stringify(faults, undefined, 2)}\n`);
  fs.renameSync(partial, file);
}

/**
 * Calls `changed` when the list was written.
 *
 * @returns a function that ends it
 */
export function watchFaults(directory: string, changed: () => void): () => void {
  const file = fileOf(directory);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // The folder, not the file: each writing makes a new file.
  const watcher = fs.watch(path.dirname(file), (_, name) => {
    if (name === path.basename(file)) changed();
  });
  return () => {
    watcher.close();
  };
}

/** The faults with one more: a host or zone has one of each kind, and a host that is killed has no other. */
export function withFault(faults: readonly Fault[], fault: Fault): Fault[] {
  const place = (one: Fault): string => (one.kind === "cut-zone" ? one.zone : one.host);
  const isReplaced = (one: Fault): boolean =>
    place(one) === place(fault) && (one.kind === fault.kind || [one.kind, fault.kind].every(isOfLife));
  return [...faults.filter((one) => !isReplaced(one)), fault];
}

const isOfLife = (kind: Fault["kind"]): boolean => kind === "kill" || kind === "freeze";

/**
 * The faults that still are what a person made them: a kill or freeze is over when the host has begun another life.
 *
 * @param boots by host: something that is another at each boot of its instance
 */
export function stillTrue(faults: readonly Fault[], boots: ReadonlyMap<string, string>): Fault[] {
  return faults.filter(
    (one) => !("boot" in one) || one.boot === undefined || boots.get(one.host) === one.boot,
  );
}
