/** What the provider has to know of a mechanism, whatever it moves: each mechanism's folder exports one such value. */
import { LIMITS } from "./context";
import type { Mechanism } from "./contract";

/** A candidate as the engine stores it: its ids in AWS. */
export type Candidate = Readonly<Record<string, string>>;

/** A service as its mechanism takes it: plain JSON, with the mechanism's own properties beside these. */
export type ServiceShape = Readonly<Record<string, unknown>> & {
  readonly candidates: Readonly<Record<string, Candidate>>;
  readonly region: string;
};

export interface MechanismFacts {
  /** Type of the dynamic resource. */
  readonly type: string;
  readonly mechanism: Mechanism<ServiceShape>;
  /** What makes a service another one, e.g. its address. */
  readonly identity: readonly string[];
  /** Where a candidate's identity in AWS is, and where the mechanism expects those of candidates that were replaced. */
  readonly candidate: { readonly id: string; readonly former: string };
  /** An input that stands for the thing itself that moves: when it is replaced, the service is taken from its node. */
  readonly itself?: string;
  /** What people call the service, e.g. `overlay IP 192.168.10.1/32`. */
  readonly label: (service: ServiceShape) => string;
  /** Loads what a move needs, so that it is there when the move is due. */
  readonly load: () => Promise<unknown>;
  /** Seconds after which a move has ended, one way or the other. */
  readonly longest: (service: ServiceShape) => number;
  /** What people have to know when the service gets another identity. */
  readonly renamed?: (olds: ServiceShape, news: ServiceShape) => string;
}

/** Seconds for a move, and for taking it back, with the looks between them. */
export const LONGEST = LIMITS.move + LIMITS.undo + LIMITS.late + LIMITS.stale + 4 * LIMITS.look;

/** Services are plain JSON to the engine; each mechanism's preflight judges its own. */
export function erased<Service>(mechanism: Mechanism<Service>): Mechanism<ServiceShape> {
  return mechanism as unknown as Mechanism<ServiceShape>;
}
