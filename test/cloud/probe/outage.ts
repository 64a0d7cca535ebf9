/** What the requests of a probing client say of an outage. Pure. */
import type { Request } from "./answers";

/** Times are seconds since the moment that the reader names: negative ones were before it. */
export interface Outage {
  readonly requests: number;
  readonly lost: number;
  /** When the first lost request was sent; undefined if none was lost. */
  readonly firstLost?: number;
  readonly lastLost?: number;
  /** The longest time in which no answer came, from the first request on to the last one, in seconds. */
  readonly longestGap: number;
  /** When it began: at an answer, or with the first request. */
  readonly longestGapFrom: number;
  /** Who answered, one after the other. */
  readonly answered: readonly AnsweredBy[];
  /** How often requests were lost for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** A time in which one node, and no other, answered. */
export interface AnsweredBy {
  readonly node: string;
  readonly from: number;
  readonly to: number;
  readonly answers: number;
}

/**
 * Sums the requests up.
 *
 * @param requests in any order
 * @param zero the moment that times are counted from, in milliseconds of the same clock
 */
export function outageOf(requests: readonly Request[], zero: number): Outage {
  const seconds = (at: number): number => (at - zero) / 1000;
  const sent = [...requests].sort((one, other) => one.sent - other.sent);
  const lost = sent.filter(({ by }) => by === undefined);
  const [firstLost, lastLost] = [lost[0], lost.at(-1)];
  const answers = sent
    .flatMap(({ by, ended }) => (by === undefined ? [] : [{ by, ended }]))
    .sort((one, other) => one.ended - other.ended);
  // An outage may have begun before the first request, and last beyond the last one.
  const [first, last] = [sent[0], sent.at(-1)];
  const edges = (one: Request | undefined): number[] => (one === undefined ? [] : [one.sent]);
  const gap = longestGap([...edges(first), ...answers.map(({ ended }) => ended), ...edges(last)]);
  return {
    requests: requests.length,
    lost: lost.length,
    ...(firstLost === undefined ? {} : { firstLost: seconds(firstLost.sent) }),
    ...(lastLost === undefined ? {} : { lastLost: seconds(lastLost.sent) }),
    longestGap: gap.length / 1000,
    longestGapFrom: seconds(gap.from),
    answered: segments(answers).map(({ node, from, to, ...rest }) => ({
      ...{ node, from: seconds(from), to: seconds(to) },
      ...rest,
    })),
    reasons: counted(lost.map(({ error }) => error ?? "no answer")),
  };
}

function longestGap(times: readonly number[]): { length: number; from: number } {
  let longest = { length: 0, from: times[0] ?? 0 };
  times.forEach((time, i) => {
    const before = times[i - 1] ?? time;
    if (time - before > longest.length) longest = { length: time - before, from: before };
  });
  return longest;
}

function segments(answers: readonly { by: string; ended: number }[]): AnsweredBy[] {
  const found: AnsweredBy[] = [];
  for (const { by, ended } of answers) {
    const last = found.at(-1);
    if (last?.node === by) found[found.length - 1] = { ...last, to: ended, answers: last.answers + 1 };
    else found.push({ node: by, from: ended, to: ended, answers: 1 });
  }
  return found;
}

function counted(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}
