/**
 * Runs asynchronous code in virtual time: timers fire at once, in order, and the clock jumps to each. What a move does
 * in its 60 seconds is tested in a few milliseconds, and the same way each time.
 */
import { performance } from "node:perf_hooks";

interface Timer {
  at: number;
  order: number;
  fire: () => void;
}

/** Seconds of virtual time until `work` has settled; or its error. Not reentrant: one at a time in a process. */
export async function inVirtualTime<Result>(seed: number, work: () => Promise<Result>): Promise<Result> {
  const real = { setTimeout, clearTimeout, now: performance.now, random: Math.random };
  const timers = new Map<number, Timer>();
  let now = 1000;
  let order = 0;
  const schedule = (callback: () => void, milliseconds = 0): number => {
    order += 1;
    timers.set(order, { at: now + Math.max(0, milliseconds), order, fire: callback });
    return order;
  };
  const globals = globalThis as unknown as Record<string, unknown>;
  globals["setTimeout"] = schedule;
  globals["clearTimeout"] = (id: number | undefined) => id !== undefined && timers.delete(id);
  performance.now = () => now;
  Math.random = randomFrom(seed);
  try {
    let settled = false;
    const result = work().finally(() => {
      settled = true;
    });
    // The error is thrown by the await below; until then it mustn't count as unhandled.
    result.catch(() => undefined);
    for (;;) {
      // A turn of the event loop: everything that needs no timer has happened then.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled) return await result;
      const next = [...timers.values()].sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (next === undefined) throw new Error("the code under test waits for something that no timer brings");
      timers.delete(next.order);
      now = Math.max(now, next.at);
      next.fire();
    }
  } finally {
    globals["setTimeout"] = real.setTimeout;
    globals["clearTimeout"] = real.clearTimeout;
    performance.now = real.now;
    Math.random = real.random;
  }
}

/** A pause in virtual time. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Mulberry32: small, and good enough to jitter. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
