import { setTimeout as sleep } from "node:timers/promises";
import { type Context } from "./definition";
import { Cancelled } from "./errors";

export interface Patience {
  /** Milliseconds before the second look; doubles up to `most`. */
  readonly first?: number;
  readonly most?: number;
  /** Milliseconds after which to give up. */
  readonly limit?: number;
}

const DEFAULTS = { first: 40, most: 3000, limit: 600_000 };

/**
 * Looks until `probe` gives a value. Starts quickly, as an offline cloud answers at once, and backs off with jitter,
 * as an account's limits demand.
 */
export async function until<T>(
  context: Context,
  what: string,
  probe: () => Promise<T | undefined>,
  patience: Patience = {},
): Promise<T> {
  const { first, most, limit } = { ...DEFAULTS, ...patience };
  const started = Date.now();
  let pause = first;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() - started + pause > limit) {
      throw new Error(
        `${context.doing}: waited ${String(Math.round(limit / 1000))} s for ${what}. Look at it in the cloud, then run the update again.`,
      );
    }
    await pauseFor(context, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, most);
  }
}

export async function pauseFor(context: Context, milliseconds: number): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: context.signal });
  } catch (error) {
    if (context.signal.aborted) throw new Cancelled(context.doing);
    throw error;
  }
}
