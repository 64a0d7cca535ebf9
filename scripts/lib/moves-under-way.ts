/**
 * Moves that go on although the update that began them is gone: the provider finishes or takes back what it has begun in a
 * process of its own, and keeps a journal of it. Where a service is can be said only when that has come to its end.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alive } from "../../test/cloud/engine/lock";
import { UserError } from "./command";
import type { Patience } from "./patience";

/** One journal. Times are ISO 8601 texts or milliseconds since 1970. */
export interface Move {
  readonly pid: number;
  readonly kind: string;
  readonly id: string;
  /** What people call the service. */
  readonly label?: string;
  readonly to: string;
  readonly startedAt: string | number;
  readonly deadlineSeconds: number;
  readonly state: "running" | "done";
  readonly outcome?: string;
  readonly message?: string;
}

/** Where the journals are. */
export const journalFolder = (root: string): string => path.join(root, ".lab", "moves");

function readMove(file: string): Move | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Move;
  } catch (error) {
    // It is just being written, or tidied away.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** When a move has ended at the latest, in milliseconds since 1970. */
const endOf = (move: Move): number => new Date(move.startedAt).getTime() + move.deadlineSeconds * 1000;

/** @returns the moves whose process is still at work, and within its time */
export function movesUnderWay(root: string): Move[] {
  const folder = journalFolder(root);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => readMove(path.join(folder, name)) ?? [])
    .filter((move) => move.state === "running" && alive(move.pid) && endOf(move) > Date.now());
}

/**
 * Waits until no such move is under way any more. Each has a time limit of its own, so this ends.
 * @param ours which moves are waited for
 * @param bound for how long the caller wants to wait; without it, as long as the moves may take
 * @throws UserError when the caller's time is over
 */
export async function awaitMoves(
  root: string,
  ours: (move: Move) => boolean,
  report: (line: string) => void,
  bound?: Patience,
): Promise<void> {
  const told = new Set<string>();
  for (;;) {
    const move = movesUnderWay(root).find(ours);
    if (move === undefined) return;
    const name = `${move.label ?? move.id} to ${move.to}`;
    const seconds = Math.ceil((endOf(move) - Date.now()) / 1000);
    if (bound !== undefined && bound.left() <= 0)
      throw new UserError(
        `The move of ${name}, which an earlier update began, is still under way (process ${move.pid}, at most ` +
          `${seconds} s more): nothing was done here. Run this again then.`,
      );
    if (!told.has(name))
      report(
        `The move of ${name}, which an earlier update began, is still under way (process ${move.pid}): waiting for its end, at most ${seconds} s …`,
      );
    told.add(name);
    await sleep(100);
  }
}
