/**
 * Keeps the books of one rewriting of an overlay IP's routes: what each table had before, which writes AWS has
 * acknowledged, and which may still take effect. From that follows what a read proves: reads of EC2 are eventually
 * consistent, and a write without a reply may be applied later ("Eventual consistency in the Amazon EC2 API").
 */
import { performance } from "node:perf_hooks";
import { type Place } from "./contract";
import { type Context, type Ec2Calls } from "./context";
import { describe } from "./errors";
import { type Deadline, awaitState, deadlineIn, inParallel } from "./retry";
import { type Host } from "./addresses";
import {
  type Entries,
  type Entry,
  isTableGone,
  readEntries,
  sameTarget,
  type Target,
  writeRoute,
} from "./routes";

/** A write that had no reply and may take effect until `until` (milliseconds of the monotonic clock). */
interface Pending {
  target?: Target;
  until: number;
}

interface Row {
  before: Entry;
  /** The last acknowledged write. */
  acked?: { target?: Target };
  pending: Pending[];
  /** When something was last tried on this table, acknowledged or not. */
  lastTry: number;
  /** What the last read showed. */
  seen: Entry;
}

export type Goal = (table: string, before: Entry) => Target | undefined;

/** What came of `bring`: undefined is success. */
export interface Failure {
  table: string;
  error: unknown;
}

export type Verdict =
  { state: "reached" } | { state: "off"; reason: string } | { state: "unreadable"; error: unknown };

/** EC2's default is 50 writes at once, then 5 a second; ten at a time leave room for others in the account. */
const WIDTH = 10;
/** Seconds after which a read is taken to show what was written before it. */
const STALE = 5;
/** Seconds that a route may be a blackhole after it was written: the state lags behind an attachment. */
const DEAD = 10;

export class RouteLedger {
  private readonly rows: Map<string, Row>;

  constructor(
    private readonly ec2: Ec2Calls,
    private readonly service: { vpcId: string; destination: Host },
    private readonly context: Context,
    entries: Entries,
  ) {
    this.rows = new Map([...entries].map(([table, entry]) => [table, newRow(entry)]));
  }

  get before(): Entries {
    return new Map([...this.rows].map(([table, row]) => [table, row.before]));
  }

  /** Whether anything may have been changed. */
  get touched(): boolean {
    return [...this.rows.values()].some((row) => row.acked !== undefined || row.pending.length > 0);
  }

  /** Tables that don't lead to their goal as far as is known from acknowledged writes, else from the last read. */
  offGoal(goal: Goal): string[] {
    return this.tablesWhere((table, row) => {
      const wanted = goal(table, row.before);
      const now = row.acked === undefined ? row.seen.target : row.acked.target;
      return !sameTarget(now, wanted) || row.pending.some((pending) => !sameTarget(pending.target, wanted));
    });
  }

  /**
   * Writes the goal into the given tables, all at once. With `stopAtFirst`, a table that fails for good keeps the
   * others from being tried again: what comes next is taking back. Writes under way are always waited for.
   */
  async bring(
    tables: string[],
    goal: Goal,
    bounds: { deadline: Deadline; stopAtFirst: boolean },
  ): Promise<Failure | undefined> {
    let failure: Failure | undefined;
    const wanted = (): boolean => failure === undefined || !bounds.stopAtFirst;
    await inParallel(tables, WIDTH, async (table) => {
      const row = this.rows.get(table);
      if (row === undefined || !wanted()) return;
      try {
        await this.write(table, row, goal(table, row.before), { deadline: bounds.deadline, wanted });
      } catch (error) {
        if (isTableGone(error)) this.rows.delete(table);
        else failure ??= { table, error };
      }
    });
    return failure;
  }

  private async write(
    table: string,
    row: Row,
    target: Target | undefined,
    bounds: { deadline: Deadline; wanted: () => boolean },
  ): Promise<void> {
    const present = (row.acked === undefined ? row.seen.target : row.acked.target) !== undefined;
    const { ec2, context } = this;
    const { destination } = this.service;
    try {
      await writeRoute(ec2, { table, destination, target, present }, context, {
        ...bounds,
        failed: (kind) => {
          if (kind !== "unanswered") return;
          row.pending.push({ target, until: performance.now() + context.limits.late * 1000 });
        },
      });
      row.acked = { target };
      // What can't take effect any more has been overwritten.
      row.pending = row.pending.filter((pending) => pending.until > performance.now());
    } finally {
      row.lastTry = performance.now();
    }
  }

  /**
   * Reads until every table leads to its goal and nothing can change that any more. A table that doesn't, for several
   * reads, is written again: a stale read and a lost write look the same at first.
   */
  async verify(goal: Goal, deadline: Deadline, options: { alive: boolean }): Promise<Verdict> {
    const deadBy = deadlineIn(DEAD);
    let reason = "";
    const look = async (attempt: number): Promise<Verdict | undefined> => {
      await this.read(deadline);
      const off = this.tablesWhere((table, row) => !sameTarget(row.seen.target, goal(table, row.before)));
      const unsure = this.tablesWhere((table, row) => !this.proves(row, goal(table, row.before)));
      const dead = options.alive ? this.tablesWhere((_table, row) => row.seen.dead) : [];
      if (off.length > 0) reason = `the route is not as written in ${off.join(", ")}`;
      else if (unsure.length > 0) return undefined;
      else if (dead.length === 0) return { state: "reached" };
      else if (deadBy.left() > 0) return undefined;
      else return { state: "off", reason: `the route is a blackhole in ${dead.join(", ")}` };
      // A table that wasn't there at the first read has not been written yet.
      const due = attempt >= 3 ? off : off.filter((table) => this.rows.get(table)?.lastTry === NEVER);
      const failure = await this.bring(due, goal, { deadline, stopAtFirst: false });
      if (failure === undefined || attempt < 3) return undefined;
      return { state: "off", reason: `${failure.table}: ${describe(failure.error)}` };
    };
    try {
      const verdict = await awaitState(look, deadline, { first: 0.2, longest: 2 });
      return verdict ?? { state: "off", reason: reason === "" ? "it did not settle in time" : reason };
    } catch (error) {
      return { state: "unreadable", error };
    }
  }

  /** Reads once; says whether all tables lead to the goal. False when that can't be read. */
  async isAt(goal: Goal, deadline: Deadline): Promise<boolean> {
    try {
      await this.read(deadline);
    } catch {
      // Without a reading nothing is proved; the caller goes on to take back, which reads again and reports.
      return false;
    }
    return (
      this.tablesWhere((table, row) => !sameTarget(row.seen.target, goal(table, row.before))).length === 0
    );
  }

  /** What each table leads to, read when nothing can change it any more; from the books when it can't be read. */
  async finalPlaces(nodeOf: (target: Target | undefined) => string | undefined): Promise<Place[]> {
    const settled = (): boolean => [...this.rows.values()].every((row) => isSettled(row, performance.now()));
    const deadline = deadlineIn(this.context.limits.late + STALE);
    try {
      await awaitState(() => Promise.resolve(settled() ? true : undefined), deadline, {
        first: 1,
        longest: 1,
      });
      await this.read(deadlineIn(this.context.limits.look));
    } catch (error) {
      return [...this.rows].map(([where, row]) => this.placeFromBooks(where, row, nodeOf, describe(error)));
    }
    return [...this.rows].map(([where, { seen }]) => placeOf(where, seen, nodeOf(seen.target)));
  }

  private placeFromBooks(
    where: string,
    row: Row,
    nodeOf: (target: Target | undefined) => string | undefined,
    problem: string,
  ): Place {
    const target = row.acked === undefined ? row.before.target : row.acked.target;
    const place = placeOf(where, { target, dead: false }, nodeOf(target));
    const other = row.pending.find((pending) => !sameTarget(pending.target, target));
    if (other === undefined) return place;
    const open = `a write of ${other.target?.id ?? "no route"} had no reply`;
    return { ...place, uncertain: `${open}, and the table could not be read (${problem})` };
  }

  private async read(deadline: Deadline): Promise<void> {
    const entries = await readEntries(this.ec2, this.service, this.context, deadline);
    for (const [table, entry] of entries) {
      const row = this.rows.get(table);
      if (row === undefined) this.rows.set(table, newRow(entry));
      else row.seen = entry;
    }
    // A table that is gone needs no route.
    for (const table of this.rows.keys()) if (!entries.has(table)) this.rows.delete(table);
  }

  /** Whether what was just read, which agrees with the goal, proves that the table is at its goal to stay. */
  private proves(row: Row, goal: Target | undefined): boolean {
    if (this.mayStillBecomeOther(row, goal)) return false;
    if (row.acked === undefined || sameTarget(row.acked.target, goal)) return true;
    return performance.now() >= row.lastTry + STALE * 1000;
  }

  private mayStillBecomeOther(row: Row, goal: Target | undefined): boolean {
    const now = performance.now();
    return row.pending.some(
      // A late effect may be seen later still.
      (pending) => pending.until + STALE * 1000 > now && !sameTarget(pending.target, goal),
    );
  }

  private tablesWhere(holds: (table: string, row: Row) => boolean): string[] {
    return [...this.rows].filter(([table, row]) => holds(table, row)).map(([table]) => table);
  }
}

const NEVER = Number.NEGATIVE_INFINITY;

function newRow(entry: Entry): Row {
  return { before: entry, pending: [], lastTry: NEVER, seen: entry };
}

function isSettled(row: Row, now: number): boolean {
  const last = Math.max(row.lastTry, ...row.pending.map((pending) => pending.until));
  return now >= last + STALE * 1000;
}

export function placeOf(where: string, entry: Entry, node: string | undefined): Place {
  return {
    where,
    ...(entry.target === undefined ? {} : { target: entry.target.id }),
    ...(node === undefined ? {} : { node }),
    ...(entry.dead ? { dead: true } : {}),
  };
}
