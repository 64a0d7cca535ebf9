/**
 * The one retry policy of the moves, and the bounds around it: a limit for each call, a deadline for all of them, and
 * a number of calls at a time.
 */
import { performance } from "node:perf_hooks";
import { backOff } from "exponential-backoff";
import { isClockSet, type Kind, kindOf, mayPass, NoReply, wasNotTheClock } from "./errors";

/** A point in time after which nothing is begun. */
export interface Deadline {
  /** Seconds left; negative when it is over. */
  left(): number;
}

export function deadlineIn(seconds: number): Deadline {
  // Monotonic: a clock that is set during a failover must neither end nor prolong it.
  const end = performance.now() + seconds * 1000;
  return { left: () => (end - performance.now()) / 1000 };
}

export interface Persistence {
  deadline: Deadline;
  /** Seconds one attempt may go unanswered. */
  perCall: number;
  /** Told of every attempt that failed, and its kind, before it is decided whether to try again. */
  failed?: (kind: Kind) => void;
  /** Asked before another attempt; false ends it with the last error. */
  wanted?: () => boolean;
}

/**
 * Calls until it succeeds, is refused for good, or the deadline is over. Full jitter, since the tables of one move,
 * and the movers of one account, are throttled together ("Exponential Backoff And Jitter", AWS Architecture Blog).
 * Throws the last attempt's error.
 */
export function persist<Output>(
  call: (options: { abortSignal: AbortSignal }) => Promise<Output>,
  { deadline, perCall, failed, wanted }: Persistence,
): Promise<Output> {
  let last: { error: unknown } | undefined;
  let clockSet = false;
  const attempt = (): Promise<Output> => {
    // The pause before this attempt may have gone past the deadline.
    if (last !== undefined && deadline.left() <= 0) throw last.error;
    return answered(call, perCall);
  };
  return backOff(attempt, {
    jitter: "full",
    startingDelay: 100,
    maxDelay: 3000,
    numOfAttempts: Number.POSITIVE_INFINITY,
    retry: (error: unknown) => {
      // The SDK sets its clock at each such reply anew, by a few milliseconds.
      if (clockSet && error !== last?.error) wasNotTheClock(error);
      clockSet ||= isClockSet(error);
      const kind = kindOf(error);
      if (error !== last?.error) failed?.(kind);
      last = { error };
      return mayPass(kind) && deadline.left() > 0 && (wanted?.() ?? true);
    },
  });
}

/** Raised by a look that found the state not to be as wanted, yet. */
class NotYet extends Error {}

/**
 * Looks until `look` gives a value, with growing pauses, or until the deadline is over: then undefined. What `look`
 * throws ends it.
 */
export async function awaitState<State>(
  look: (attempt: number) => Promise<State | undefined>,
  deadline: Deadline,
  pause: { first: number; longest: number },
): Promise<State | undefined> {
  let attempt = 0;
  const attemptOnce = async (): Promise<State> => {
    attempt += 1;
    const state = await look(attempt);
    if (state === undefined) throw new NotYet();
    return state;
  };
  try {
    return await backOff(attemptOnce, {
      jitter: "full",
      startingDelay: pause.first * 1000,
      maxDelay: pause.longest * 1000,
      numOfAttempts: Number.POSITIVE_INFINITY,
      retry: (error: unknown) => error instanceof NotYet && deadline.left() > 0,
    });
  } catch (error) {
    if (error instanceof NotYet) return undefined;
    throw error;
  }
}

/** One attempt, given up after `seconds`: an endpoint that went silent mustn't hold up a failover. */
async function answered<Output>(
  call: (options: { abortSignal: AbortSignal }) => Promise<Output>,
  seconds: number,
): Promise<Output> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // The rejection goes first: the abort itself makes the call fail with a less telling error.
      reject(new NoReply(seconds));
      controller.abort();
    }, seconds * 1000);
  });
  try {
    return await Promise.race([call({ abortSignal: controller.signal }), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Works through the items, `width` at a time; the results keep the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
