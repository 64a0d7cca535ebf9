/** Keeps the books of one re-pointing: what each pointer said before, and what was tried on it. */
import { Attempts } from "./attempts";
import { describe, type Kind } from "./errors";
import { type Entries, type Entry, type Pointers } from "./pointers";
import { type Deadline, awaitState, deadlineIn, inParallel } from "./retry";

interface Row<Value> {
  before: Entry<Value>;
  /** What was tried on it: undefined stands for nowhere. */
  readonly tried: Attempts<Value | undefined>;
  /** Why the last write failed, if it did. */
  refusal?: unknown;
  /** What the last read showed. */
  seen: Entry<Value>;
}

/** What each pointer is to say, given what it said before. */
export type Goal<Value> = (name: string, before: Entry<Value>) => Value | undefined;

export interface Failure {
  name: string;
  error: unknown;
}

export type Verdict =
  { state: "reached" } | { state: "off"; reason: string } | { state: "unreadable"; error: unknown };

/** What a pointer says in the end; `uncertain` says why that isn't sure. */
export type FinalEntry<Value> = Entry<Value> & { uncertain?: string };

/** EC2's default is 50 writes at once, then 5 a second; ten at a time leave room for others in the account. */
const WIDTH = 10;
/** Seconds that a pointer may look dead after it was written: EC2's route state lags behind. */
const DEAD = 10;

export class Ledger<Value> {
  private readonly rows: Map<string, Row<Value>>;

  /**
   * @param entries what was read first
   * @param limits for how long a write without a reply may still take effect, and a read may not show a write
   */
  constructor(
    readonly pointers: Pointers<Value>,
    entries: Entries<Value>,
    private readonly limits: { late: number; stale: number },
  ) {
    this.rows = new Map([...entries].map(([name, entry]) => [name, this.newRow(entry)]));
  }

  get before(): Entries<Value> {
    return new Map([...this.rows].map(([name, row]) => [name, row.before]));
  }

  /** Whether anything may have been changed. */
  get touched(): boolean {
    return [...this.rows.values()].some(({ tried }) => tried.touched);
  }

  /** Whether all said one and the same thing before, and that isn't the target. */
  startsFromOne(target: Value): boolean {
    const [first, ...others] = [...this.rows.values()].map((row) => row.before.target);
    return !this.pointers.same(first, target) && others.every((other) => this.pointers.same(first, other));
  }

  /** Those that aren't at their goal, as far as is known from acknowledged writes, else from the last read. */
  offGoal(goal: Goal<Value>): string[] {
    return this.namesWhere((name, row) => {
      const wanted = goal(name, row.before);
      if (!this.pointers.same(believed(row), wanted)) return true;
      return row.tried.outstanding.some((target) => !this.pointers.same(target, wanted));
    });
  }

  /**
   * Writes their goal into the given ones, all at once. With `stopAtFirst`, one that fails for good keeps the others
   * from being tried again: what comes next is taking back. Writes under way are always waited for. Gives the first
   * failure, if any.
   */
  async bring(
    names: string[],
    goal: Goal<Value>,
    bounds: { deadline: Deadline; stopAtFirst: boolean },
  ): Promise<Failure | undefined> {
    let failure: Failure | undefined;
    const wanted = (): boolean => failure === undefined || !bounds.stopAtFirst;
    await inParallel(names, WIDTH, async (name) => {
      const row = this.rows.get(name);
      if (row === undefined || !wanted()) return;
      try {
        await this.write(name, row, goal(name, row.before), { deadline: bounds.deadline, wanted });
      } catch (error) {
        row.refusal = error;
        if (this.pointers.isGone(error)) this.rows.delete(name);
        else failure ??= { name, error };
      }
    });
    return failure;
  }

  private async write(
    name: string,
    row: Row<Value>,
    target: Value | undefined,
    bounds: { deadline: Deadline; wanted: () => boolean },
  ): Promise<void> {
    try {
      const failed = (kind: Kind): void => {
        if (kind === "unanswered") row.tried.unanswered(target);
      };
      const maybe = row.tried.outstanding.flatMap((one) => one ?? []);
      await this.pointers.write(name, target, believed(row), { ...bounds, failed }, maybe);
      row.tried.acknowledge(target);
      row.refusal = undefined;
    } finally {
      row.tried.tried();
    }
  }

  /**
   * Reads until all are at their goal and nothing can change that any more. One that isn't, for several reads, is
   * written again: a stale read and a lost write look the same at first. With `alive`, dead ones are off their goal.
   */
  async verify(goal: Goal<Value>, deadline: Deadline, options: { alive: boolean }): Promise<Verdict> {
    const deadBy = deadlineIn(DEAD);
    let reason = "it did not settle in time";
    const look = async (attempt: number): Promise<Verdict | undefined> => {
      await this.read(deadline);
      const off = this.seenOff(goal);
      if (off.length === 0) {
        if (this.namesWhere((name, row) => !this.proves(row, goal(name, row.before))).length > 0)
          return undefined;
        const dead = options.alive ? this.namesWhere((_name, row) => row.seen.dead) : [];
        if (dead.length === 0) return { state: "reached" };
        return deadBy.left() > 0
          ? undefined
          : { state: "off", reason: `nobody is behind it (blackhole) in ${dead.join(", ")}` };
      }
      reason = this.whyOff(off);
      // One that wasn't there at the first read has not been written yet.
      const due = attempt >= 3 ? off : off.filter((name) => this.rows.get(name)?.tried.begun === false);
      const failure = await this.bring(due, goal, { deadline, stopAtFirst: false });
      return failure === undefined || attempt < 3
        ? undefined
        : { state: "off", reason: `${failure.name}: ${describe(failure.error)}` };
    };
    try {
      return (await awaitState(look, deadline, { first: 0.2, longest: 2 })) ?? { state: "off", reason };
    } catch (error) {
      return { state: "unreadable", error };
    }
  }

  /** A write that AWS didn't take is another thing than one that it took and that isn't to be seen. */
  private whyOff(off: readonly string[]): string {
    const refused = off.flatMap((name) => {
      const refusal = this.rows.get(name)?.refusal;
      return refusal === undefined ? [] : [`${name}: ${describe(refusal)}`];
    });
    const lost = off.filter((name) => this.rows.get(name)?.refusal === undefined);
    const reasons = lost.length === 0 ? [] : [`it did not stay as written in ${lost.join(", ")}`];
    return [...refused, ...reasons].join("; ");
  }

  /** Reads once; says whether all are at their goal. False, too, when they can't be read. */
  async isAt(goal: Goal<Value>, deadline: Deadline): Promise<boolean> {
    try {
      await this.read(deadline);
    } catch {
      // Without a reading nothing is proved; the caller goes on to take back, which reads again and reports.
      return false;
    }
    return this.seenOff(goal).length === 0;
  }

  /** What each says, read when nothing can change it any more; from the books when it can't be read. */
  async finalEntries(readSeconds: number): Promise<Map<string, FinalEntry<Value>>> {
    const settled = (): boolean => [...this.rows.values()].every(({ tried }) => tried.isSettled);
    const pause = { first: 1, longest: 1 };
    await awaitState(
      () => Promise.resolve(settled() ? true : undefined),
      deadlineIn(this.limits.late + this.limits.stale),
      pause,
    );
    try {
      await this.read(deadlineIn(readSeconds));
    } catch (error) {
      return new Map([...this.rows].map(([name, row]) => [name, this.fromBooks(row, describe(error))]));
    }
    return new Map([...this.rows].map(([name, row]) => [name, row.seen]));
  }

  private fromBooks(row: Row<Value>, problem: string): FinalEntry<Value> {
    const { acknowledged, outstanding } = row.tried;
    const target = acknowledged === undefined ? row.before.target : acknowledged.value;
    const entry = { ...(target === undefined ? {} : { target }), dead: false };
    if (outstanding.every((one) => this.pointers.same(one, target))) return entry;
    return { ...entry, uncertain: `the last write had no reply, and it could not be read (${problem})` };
  }

  private async read(deadline: Deadline): Promise<void> {
    const entries = await this.pointers.read(deadline);
    for (const [name, entry] of entries) {
      const row = this.rows.get(name);
      if (row === undefined) this.rows.set(name, this.newRow(entry));
      else row.seen = entry;
      // The first look may have been stale; as long as nothing was tried, a later one knows better what was before.
      if (row?.tried.begun === false) row.before = entry;
    }
    // What is gone needs no target.
    for (const name of this.rows.keys()) if (!entries.has(name)) this.rows.delete(name);
  }

  private seenOff(goal: Goal<Value>): string[] {
    return this.namesWhere((name, row) => !this.pointers.same(row.seen.target, goal(name, row.before)));
  }

  /** Whether what was just read, which agrees with the goal, proves that it's at its goal to stay. */
  private proves({ tried }: Row<Value>, goal: Value | undefined): boolean {
    return tried.proves((target) => this.pointers.same(target, goal));
  }

  private newRow(entry: Entry<Value>): Row<Value> {
    return { before: entry, tried: new Attempts(this.limits), seen: entry };
  }

  private namesWhere(holds: (name: string, row: Row<Value>) => boolean): string[] {
    return [...this.rows].filter(([name, row]) => holds(name, row)).map(([name]) => name);
  }
}

function believed<Value>({ tried, seen }: Row<Value>): Value | undefined {
  return tried.acknowledged === undefined ? seen.target : tried.acknowledged.value;
}
