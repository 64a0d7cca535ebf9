/**
 * Keeps the record of what was tried on one thing of AWS: which write was acknowledged, and which may still take effect.
 * From that follows what a read proves: reads are eventually consistent, and a write without a reply may be applied later
 * (EC2 API reference, "Eventual consistency").
 */
import { performance } from "node:perf_hooks";

const NEVER = Number.NEGATIVE_INFINITY;

export class Attempts<Value> {
  /** Values of writes without a reply, which may take effect until then (milliseconds of the monotonic clock). */
  private pending: { readonly value: Value; readonly until: number }[] = [];
  private last = NEVER;
  /** The last write that AWS acknowledged. */
  acknowledged: { readonly value: Value } | undefined;
  /** Whether anything may have been changed. */
  touched = false;

  /** @param limits for how many seconds a write without a reply may take effect, and a read may not show a write */
  constructor(private readonly limits: { readonly late: number; readonly stale: number }) {}

  /** Whether anything was tried, even if it was refused. */
  get begun(): boolean {
    return this.last !== NEVER;
  }

  /** What writes without a reply may have made, or make, of it. */
  get outstanding(): Value[] {
    return this.pending.map(({ value }) => value);
  }

  /** When everything that was tried has had its effect, and reads show it (milliseconds). */
  get settledAt(): number {
    return Math.max(this.last, ...this.pending.map(({ until }) => until)) + this.limits.stale * 1000;
  }

  get isSettled(): boolean {
    return performance.now() >= this.settledAt;
  }

  /** Notes that AWS has acknowledged a write. What can't take effect any more has been overwritten by it. */
  acknowledge(value: Value): void {
    this.touched = true;
    this.acknowledged = { value };
    this.tried();
    this.pending = this.pending.filter(({ until }) => until > this.last);
  }

  /** Notes that a write had no reply. */
  unanswered(value: Value): void {
    this.touched = true;
    this.tried();
    this.pending.push({ value, until: this.last + this.limits.late * 1000 });
  }

  /** Takes no acknowledgement of before for a proof any more; what may still take effect is kept in mind. */
  forget(): void {
    this.acknowledged = undefined;
  }

  /** Notes that a write has come to its end, one way or the other. */
  tried(): void {
    this.last = performance.now();
  }

  /** Whether a read that shows the wanted value proves that it is there to stay. @param same whether a value is that one */
  proves(same: (value: Value) => boolean): boolean {
    const now = performance.now();
    // A late effect may be seen later still.
    const { stale } = this.limits;
    if (this.pending.some(({ value, until }) => until + stale * 1000 > now && !same(value))) return false;
    if (this.acknowledged === undefined || same(this.acknowledged.value)) return true;
    return now >= this.last + stale * 1000;
  }
}
