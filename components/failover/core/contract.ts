/**
 * What the three failover mechanisms have in common. A mechanism moves one service from the node that has it to
 * another; it knows AWS and nothing of Pulumi, so that it can be tested, and used, without an engine.
 */
import { type Context } from "./context";

/** One reason why a move must not happen: what it is about, what was found, and what to do about it. */
export interface Problem {
  /** The thing at fault, by its AWS id or node name, e.g. `i-0abc (node2)`. */
  subject: string;
  reason: string;
  remedy: string;
  /** Set: people should know, but it is no reason to refuse the move. */
  note?: true;
}

/** One step of a move that was carried out, with how long it took. */
export interface Step {
  name: string;
  seconds: number;
  detail?: string;
}

/** What one of the things that make up a service points to, e.g. one route table's route. */
export interface Place {
  /** The thing that points: a route table, an interface, or a record. */
  where: string;
  /** AWS id or address it points to; undefined when it points nowhere. */
  target?: string;
  /** The candidate that the target belongs to, if it is one of the service's. */
  node?: string;
  /** True when nothing answers there: a blackhole route. */
  dead?: boolean;
  /** What is not as the service promises although the target is right, e.g. `has a TTL of 3600 s instead of 10 s`. */
  off?: string;
  /** Why the target is not certain, when the last write had no reply and the state could not be read afterwards. */
  uncertain?: string;
}

/**
 * Where a service is: `at` one node; `absent` (nowhere); `elsewhere` (all places agree on a target that is no
 * candidate); or `mixed` (the places disagree, or some point nowhere).
 */
export interface Location {
  state: "at" | "absent" | "elsewhere" | "mixed";
  /** The active node's name, when `state` is `at`. */
  node?: string;
  places: Place[];
  /** What keeps clients from it although the places are right, and what no move can change. */
  notes?: string[];
}

/** A move that ended well; plain JSON. */
export interface MoveReport {
  /** The node that had the service before; undefined when none or more than one had. */
  from?: string;
  to: string;
  /** False when the service was on `to` already and nothing was changed. */
  moved: boolean;
  steps: Step[];
  /** What a person should know although the move ended well, e.g. that the result could not be read back. */
  warnings: string[];
}

/** What `remove` did: the places that were ours and are gone, and those left alone because they are not ours. */
export interface Removal {
  removed: Place[];
  left: Place[];
}

/** Nodes that can have the service, by name. */
export type Candidates<Candidate> = Record<string, Candidate>;

/**
 * One failover mechanism over services of type `Service` (plain JSON).
 *
 * - `locate` reads where the service is; it changes nothing.
 * - `preflight` gives every reason why the service must not be moved to node `to`, all at once; it changes nothing.
 *   An empty list means: go ahead.
 * - `move` moves it, verifies by reading back, and leaves no half move behind. Throws `MoveFailed`. What takes a move back is
 *   another move.
 * - `remove` takes the service away from AWS as far as it is ours.
 * - `inspect` adds to a location what else the service promises and is not so (`Place.off`); it changes nothing. A look that
 *   is taken often leaves that out.
 * - `mend` puts right what `inspect` found on the node, without moving anything. Throws what AWS said.
 */
export interface Mechanism<Service> {
  locate(service: Service, context: Context): Promise<Location>;
  preflight(service: Service, to: string, context: Context): Promise<Problem[]>;
  move(service: Service, to: string, context: Context): Promise<MoveReport>;
  remove(service: Service, context: Context): Promise<Removal>;
  inspect?(service: Service, location: Location, context: Context): Promise<Location>;
  mend?(service: Service, node: string, context: Context): Promise<void>;
}

/**
 * How a failed move left the service: `unchanged` (nothing was done), `undone` (what was done was taken back, all is
 * as before), or `mixed` (it is neither here nor there: a person has to act).
 */
export type Outcome = "unchanged" | "undone" | "mixed";

/** AWS CLI commands for a service left `mixed`. Either list alone is enough. */
export interface Repair {
  /** Completes the move. */
  finish: string[];
  /** Puts back what was before, as far as that still exists. */
  restore: string[];
}

/** A move that did not happen. The message is for people: what was being done, what was found, what to do next. */
export class MoveFailed extends Error {
  override readonly name = "MoveFailed";
  readonly outcome: Outcome;
  /** The exact state that was left, place by place; empty when it was never read. */
  readonly places: Place[];
  readonly repair: Repair;
  readonly steps: Step[];

  constructor(
    what: string,
    found: {
      outcome: Outcome;
      reason: string;
      cause?: unknown;
      places?: Place[];
      repair?: Repair;
      steps?: Step[];
    },
  ) {
    super(explain(what, found), { cause: found.cause });
    this.outcome = found.outcome;
    this.places = found.places ?? [];
    this.repair = found.repair ?? { finish: [], restore: [] };
    this.steps = found.steps ?? [];
  }

  /** One that was thrown in another process. */
  static of(message: string, found: Pick<MoveFailed, "outcome" | "places" | "repair" | "steps">): MoveFailed {
    return Object.assign(new MoveFailed("", { ...found, reason: "" }), { message });
  }
}

/** How an error begins to say what has become of the service, by outcome. */
export const AFTERMATH: Record<Outcome, string> = {
  unchanged: "Nothing was changed.",
  undone: "What was already done has been taken back: everything is as it was before.",
  mixed: "What was already done could NOT be taken back: the service is now in this state:",
};

function explain(
  what: string,
  found: { outcome: Outcome; reason: string; places?: Place[]; repair?: Repair },
): string {
  const lines = [`${what} failed: ${found.reason}`, AFTERMATH[found.outcome]];
  if (found.outcome !== "mixed") return lines.join("\n");
  lines.push(...(found.places ?? []).map((place) => `  ${describePlace(place)}`));
  const { finish = [], restore = [] } = found.repair ?? {};
  if (finish.length > 0)
    lines.push("To complete the move by hand, run:", ...finish.map((line) => `  ${line}`));
  if (restore.length > 0)
    lines.push("To put back what was before, run:", ...restore.map((line) => `  ${line}`));
  return lines.join("\n");
}

/** One line for people, e.g. `rtb-0a: eni-0b (node1), blackhole`. */
export function describePlace(place: Place): string {
  const target = place.target === undefined ? "nothing" : place.target;
  const node = place.node === undefined ? "" : ` (${place.node})`;
  const dead = place.dead === true ? ", blackhole" : "";
  const uncertain = place.uncertain === undefined ? "" : `, uncertain: ${place.uncertain}`;
  const off = place.off === undefined ? "" : `, ${place.off}`;
  return `${place.where}: ${target}${node}${dead}${off}${uncertain}`;
}

/** Where a service is, from what its places say. */
export function locationOf(places: Place[]): Location {
  const first = places[0];
  if (first === undefined) return { state: "absent", places };
  if (places.some((place) => place.target !== first.target)) return { state: "mixed", places };
  if (first.target === undefined) return { state: "absent", places };
  return first.node === undefined
    ? { state: "elsewhere", places }
    : { state: "at", node: first.node, places };
}

/** The reason to refuse a node that the service doesn't know, or undefined. */
export function unknownNode<C>(candidates: Candidates<C>, to: string): Problem | undefined {
  if (Object.hasOwn(candidates, to)) return undefined;
  const names = Object.keys(candidates);
  return {
    subject: to,
    reason: "is not a candidate of this service",
    remedy:
      names.length > 0 ? `choose one of: ${names.join(", ")}` : "give the service at least one candidate",
  };
}

/** The candidate of that name; throws, with nothing changed, when there is none. */
export function refuseUnknown<C>(what: string, candidates: Candidates<C>, to: string): C {
  const problem = unknownNode(candidates, to);
  const candidate = candidates[to];
  if (problem === undefined && candidate !== undefined) return candidate;
  const reason = problem === undefined ? "it is empty" : `${to} ${problem.reason}; ${problem.remedy}`;
  throw new MoveFailed(what, { outcome: "unchanged", reason });
}
