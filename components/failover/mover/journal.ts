/**
 * What is known on this machine of moves that are under way: one file for each, in `.lab/moves`. A move outlives the
 * update that began it, so whoever comes next has to be able to find it.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Kind } from "../mechanisms";

export interface MoveRecord {
  /** Process that carries it out. */
  readonly pid: number;
  readonly kind: Kind;
  /** Identity of the service, e.g. `us-east-1/vpc-…/192.168.10.1/32`. */
  readonly id: string;
  /** What people call the service. */
  readonly label: string;
  /** The node that it moves to. */
  readonly to: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** When it has ended at the latest, counted from its start. */
  readonly deadlineSeconds: number;
  /** `done`: it has ended, and nobody was there any more to be told how. */
  readonly state: "running" | "done";
  readonly outcome?: "moved" | "unchanged" | "undone" | "mixed" | "failed";
  readonly message?: string;
}

export function journalFolder(root: string): string {
  return path.join(root, ".lab", "moves");
}

function fileOf(root: string, { kind, id }: Pick<MoveRecord, "kind" | "id">): string {
  const name = createHash("sha256").update(`${kind} ${id}`).digest("hex").slice(0, 16);
  return path.join(journalFolder(root), `${name}.json`);
}

/** Whole or not at all: others read it while it is written. */
export function writeRecord(root: string, record: MoveRecord): void {
  const file = fileOf(root, record);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(record));
  fs.renameSync(`${file}.${process.pid}`, file);
}

export function removeRecord(root: string, record: Pick<MoveRecord, "kind" | "id">): void {
  fs.rmSync(fileOf(root, record), { force: true });
}

/** When it has ended at the latest, in milliseconds since 1970. */
export function endOf({ startedAt, deadlineSeconds }: MoveRecord): number {
  return Date.parse(startedAt) + deadlineSeconds * 1000;
}

/** Whether its process is at it, as far as can be told: process ids are given to other programs in time. */
export function isUnderWay(record: MoveRecord): boolean {
  if (record.state !== "running" || endOf(record) <= Date.now()) return false;
  try {
    process.kill(record.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Everything that is in the journal: what is under way, and what nobody has been told of. */
export function readRecords(root: string): MoveRecord[] {
  const folder = journalFolder(root);
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.flatMap((name) => readRecordFile(path.join(folder, name)) ?? []);
}

/** The record of a service's last move, if there is one. */
export function readRecord(root: string, of: Pick<MoveRecord, "kind" | "id">): MoveRecord | undefined {
  return readRecordFile(fileOf(root, of));
}

function readRecordFile(file: string): MoveRecord | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as MoveRecord;
  } catch (error) {
    // It has been tidied away in the meantime; or it is no record, which nobody can wait for.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
