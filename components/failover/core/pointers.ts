/**
 * Things that point to whoever has a service, and can be re-pointed: the routes of an overlay IP, one in each route
 * table, or the one record of a service name. What a mechanism has to say about them, so that `ledger.ts` and
 * `repoint.ts` can move them all or none.
 */
import { type Place } from "./contract";
import { type Kind } from "./errors";
import { type Deadline } from "./retry";

/** What one of them says. */
export interface Entry<Value> {
  /** Undefined: it points nowhere; there is no route, no record. */
  target?: Value;
  /** AWS says that nobody is there: a blackhole route. */
  dead: boolean;
}

/** By name: a route table's id, a record's name. */
export type Entries<Value> = Map<string, Entry<Value>>;

export interface WriteBounds {
  deadline: Deadline;
  /** Told of every attempt that failed, and how. */
  failed?: (kind: Kind) => void;
  /** Asked before another attempt; false ends it. */
  wanted?: () => boolean;
}

export interface Pointers<Value> {
  /** Reads all of them. Throws what AWS said last. */
  read(deadline: Deadline): Promise<Entries<Value>>;
  /**
   * Points one of them to `target`, or nowhere. `now` is what it's believed to say; if that's wrong it finds out.
   * `maybe` is what writes without a reply may have made it say. Safe to repeat, also after a reply was lost. Throws
   * what AWS said last.
   */
  write(
    name: string,
    target: Value | undefined,
    now: Value | undefined,
    bounds: WriteBounds,
    maybe?: Value[],
  ): Promise<void>;
  same(one: Value | undefined, other: Value | undefined): boolean;
  /** Whether a write failed because the thing itself is gone, so that there's nothing to point any more. */
  isGone(error: unknown): boolean;
  place(name: string, entry: Entry<Value>): Place;
  /** AWS CLI commands that make one of them, which says `now`, point to `target`. */
  repair(name: string, target: Value | undefined, now: Value | undefined): string[];
}

export function placesOf<Value>(pointers: Pointers<Value>, entries: Entries<Value>): Place[] {
  return [...entries].map(([name, entry]) => pointers.place(name, entry));
}
