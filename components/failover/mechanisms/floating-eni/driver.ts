/**
 * Drives one interface to where it should be, from wherever it is: it looks, does the one call that is due, and looks
 * again. So a lost reply, a repeated call and someone else's call all end in the same place: what the next look shows.
 */
import { Attempts } from "../../core/attempts";
import { type Context, type Ec2Calls } from "../../core/context";
import { type FloatingEniService, freeIndex, type Held, readHeld, usedIndexes } from "./service";
import { codeOf, describe, type Kind, kindOf } from "../../core/errors";
import { awaitState, type Deadline, deadlineIn, persist } from "../../core/retry";
import { type Stopwatch } from "../../core/stopwatch";

/**
 * `unread` is why the end could not be looked at, when it's known only from AWS's having acknowledged the attachment.
 */
export type Arrival =
  { arrived: true; unread?: unknown } | { arrived: false; reason: string; error?: unknown };

/** The instance that is to hold the interface, if possible at this index; undefined: nobody. */
export type EniGoal = { instanceId: string; deviceIndex?: number } | undefined;

export class EniDriver {
  /** By attachment. */
  private readonly detachments = new Map<string, Attempts<true>>();
  private readonly forced = new Set<string>();
  private readonly attaching: Attempts<true>;
  private seen: Held;
  private blind: { unread: unknown } | undefined;
  /** Who held the interface when nothing had been tried yet. */
  before: Held;

  constructor(
    private readonly ec2: Ec2Calls,
    private readonly service: FloatingEniService,
    private readonly context: Context,
    private readonly watch: Stopwatch,
  ) {
    this.attaching = new Attempts(context.limits);
  }

  /** What the last look showed. */
  get last(): Held {
    return this.seen;
  }

  /** Whether anything may have been changed. */
  get touched(): boolean {
    return this.all.some(({ touched }) => touched);
  }

  private get all(): Attempts<true>[] {
    return [this.attaching, ...this.detachments.values()];
  }

  async read(deadline: Deadline): Promise<Held> {
    this.seen = await readHeld(
      this.ec2,
      this.service,
      this.context,
      this.within(this.context.limits.look, deadline),
    );
    // The first look may have been stale; as long as nothing was tried, a later one knows better what was before.
    if (!this.touched) this.before = this.seen;
    return this.seen;
  }

  /** A detachment may take minutes; that AWS doesn't answer any one call need not. */
  private within(seconds: number, deadline: Deadline): Deadline {
    const soon = deadlineIn(seconds);
    return { left: () => Math.min(soon.left(), deadline.left()) };
  }

  private blindness(): unknown {
    return this.blind?.unread;
  }

  private timeIsOver(): string {
    const seen = this.seen === undefined ? "not attached" : `${this.seen.state}, ${this.seen.instanceId}`;
    return `the time is over, and ${this.service.networkInterfaceId} is still ${seen}`;
  }

  async drive(goal: EniGoal, deadline: Deadline): Promise<Arrival> {
    this.blind = undefined;
    try {
      for (;;) {
        const free = await this.watch.time("detach", () => this.release(goal, deadline));
        if (free === undefined) return { arrived: false, reason: this.timeIsOver() };
        if (free === "there" || goal === undefined) return { arrived: true };
        const end = await this.watch.time("attach", () => this.join(goal, deadline));
        if (end === "there") return { arrived: true, unread: this.blindness() };
        // Somebody else has taken it in the meantime: begin anew, as long as there is time.
        if (end === undefined || deadline.left() <= 0) return { arrived: false, reason: this.timeIsOver() };
      }
    } catch (error) {
      return { arrived: false, reason: describe(error), error };
    }
  }

  /**
   * A look; or `blind` when AWS doesn't let us look any more, but has acknowledged the detachment: then to go on without
   * looking is better than to leave the interface detached. AWS refuses what is too early or too late.
   * @param arriving whether it has acknowledged the attachment to the goal, so that there is nothing left to do
   */
  private async glance(deadline: Deadline, arriving = false): Promise<Held | "blind"> {
    if (this.blind !== undefined) return "blind";
    try {
      return await this.read(deadline);
    } catch (error) {
      const isFree =
        this.seen === undefined || this.detachments.get(this.seen.id)?.acknowledged !== undefined;
      if (!this.touched || !(isFree || arriving)) throw error;
      this.blind = { unread: error };
      return "blind";
    }
  }

  /** Detaches, if need be. `there` when the goal holds it already; undefined when the time is over. */
  private async release(goal: EniGoal, deadline: Deadline): Promise<"there" | "free" | undefined> {
    const limits = detachLimits(this.service);
    const gracefulUntil = deadlineIn(limits.graceful);
    const givenUp = deadlineIn(limits.graceful + limits.forced);
    const bound = { left: () => Math.min(deadline.left(), givenUp.left()) };
    const look = async (): Promise<"there" | "free" | undefined> => {
      const held = await this.glance(deadline);
      if (held === "blind" && goal === undefined) throw this.blindness();
      if (held === "blind") return "free";
      if (held === undefined) return goal !== undefined || this.attaching.isSettled ? "free" : undefined;
      const tried = this.detachments.get(held.id);
      if (held.instanceId === goal?.instanceId && held.state !== "detaching") {
        // An old attachment that was to be undone: it proves nothing until that can't have any effect any more.
        if (tried?.isSettled === false) return undefined;
        return held.state === "attached" ? "there" : undefined;
      }
      const force = this.service.allowForce === true && gracefulUntil.left() <= 0;
      if (held.state === "detaching") {
        if (force && !this.forced.has(held.id)) await this.detach(held.id, true, deadline);
      } else if (tried?.acknowledged === undefined || tried.isSettled)
        await this.detach(held.id, force, deadline);
      return undefined;
    };
    return awaitState(look, bound, { first: 0.2, longest: 3 });
  }

  private async detach(attachment: string, force: boolean, deadline: Deadline): Promise<void> {
    if (force) this.forced.add(attachment);
    const input = { AttachmentId: attachment, ...(force ? { Force: true } : {}) };
    const tried = this.detachments.get(attachment) ?? new Attempts<true>(this.context.limits);
    this.detachments.set(attachment, tried);
    try {
      await this.call((options) => this.ec2.detachNetworkInterface(input, options), deadline, tried);
    } catch (error) {
      // It is detached already, or about to be: the next look shows it.
      if (kindOf(error) !== "gone" && codeOf(error) !== "IncorrectState") throw error;
    }
  }

  /** Attaches. `held` when somebody else has got it; undefined when the time is over. */
  private async join(goal: NonNullable<EniGoal>, deadline: Deadline): Promise<"there" | "held" | undefined> {
    const used = new Set<number>();
    const look = async (attempt: number): Promise<"there" | "held" | undefined> => {
      // `release` has just seen that it's free.
      const arriving = this.attaching.acknowledged !== undefined;
      const held = attempt === 1 ? undefined : await this.glance(deadline, arriving);
      if (held === "blind" && arriving) return "there";
      if (held === undefined || held === "blind") {
        if (!arriving || this.attaching.isSettled) await this.attach(goal, used, deadline);
        return undefined;
      }
      if (held.instanceId === goal.instanceId && held.state !== "detaching")
        return held.state === "attached" && this.staysAttached(held.id) ? "there" : undefined;
      // What was detached may still be seen attached for a while.
      return this.staysAttached(held.id) ? "held" : undefined;
    };
    this.attaching.forget();
    return awaitState(look, deadline, { first: 0.2, longest: 3 });
  }

  private async attach(goal: NonNullable<EniGoal>, used: Set<number>, deadline: Deadline): Promise<void> {
    const inUse = new Set([...used, ...(await this.indexesOf(goal.instanceId, deadline))]);
    const input = {
      NetworkInterfaceId: this.service.networkInterfaceId,
      InstanceId: goal.instanceId,
      DeviceIndex: freeIndex(inUse, goal.deviceIndex),
    };
    // One that was acknowledged, and that nobody sees, has been undone by somebody.
    this.attaching.forget();
    try {
      await this.call((options) => this.ec2.attachNetworkInterface(input, options), deadline, this.attaching);
    } catch (error) {
      // Both codes are used for both cases; the message tells. Somebody was faster, or it was us: look again.
      if (/device index/i.test(describe(error))) used.add(input.DeviceIndex);
      else if (!/in use|already attached/i.test(`${codeOf(error)} ${describe(error)}`)) throw error;
    }
  }

  private async indexesOf(instanceId: string, deadline: Deadline): Promise<Set<number>> {
    try {
      const answer = await persist(
        (options) => this.ec2.describeInstances({ InstanceIds: [instanceId] }, options),
        { deadline: this.within(this.context.limits.look, deadline), perCall: this.context.limits.readCall },
      );
      return usedIndexes(answer.Reservations?.flatMap(({ Instances }) => Instances ?? [])[0]);
    } catch {
      // Not worth failing for: AWS refuses an index that is in use, and then the next one is tried.
      return new Set();
    }
  }

  private async call(
    call: (options: { abortSignal: AbortSignal }) => Promise<unknown>,
    deadline: Deadline,
    tried: Attempts<true>,
  ): Promise<void> {
    const failed = (kind: Kind): void => {
      if (kind === "unanswered") tried.unanswered(true);
    };
    await persist(call, {
      deadline: this.within(this.context.limits.move, deadline),
      perCall: this.context.limits.writeCall,
      failed,
    });
    tried.acknowledge(true);
  }

  /** Whether nothing that was tried on an attachment can end it any more: then it is there to stay. */
  private staysAttached(attachment: string): boolean {
    return this.detachments.get(attachment)?.isSettled !== false;
  }

  /** Waits until nothing that was tried can change the state any more, and looks. */
  async finalHeld(): Promise<Held> {
    const settled = (): Promise<true | undefined> =>
      Promise.resolve(this.all.every(({ isSettled }) => isSettled) ? true : undefined);
    const { late, stale, look } = this.context.limits;
    await awaitState(settled, deadlineIn(late + stale), { first: 1, longest: 1 });
    return this.read(deadlineIn(look));
  }
}

/** Seconds for a graceful detachment, and for a forced one after it. */
export function detachLimits(service: Pick<FloatingEniService, "allowForce" | "detachTimeoutSeconds">): {
  graceful: number;
  forced: number;
} {
  const force = service.allowForce === true;
  return { graceful: service.detachTimeoutSeconds ?? (force ? 60 : 300), forced: force ? 60 : 0 };
}
