/** What the provider's process and the process that moves say to each other. */
import type { ServiceShape } from "../core/facts";
import { MoveFailed, type MoveReport } from "../core/contract";
import type { Kind } from "../mechanisms";

export interface Request {
  readonly kind: Kind;
  readonly id: string;
  readonly label: string;
  readonly service: ServiceShape;
  readonly to: string;
  readonly profile?: string;
}

/** An error as plain JSON; `move` is there when it is a MoveFailed. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly move?: Pick<MoveFailed, "outcome" | "places" | "repair" | "steps">;
}

export type Reply = { readonly report: MoveReport } | { readonly failure: Failure };

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  if (!(error instanceof MoveFailed)) return { name, message, stack };
  const { outcome, places, repair, steps } = error;
  return { name, message, stack, move: { outcome, places, repair, steps } };
}

/** The error as it was thrown, as far as others look at it. */
export function errorOf({ name, message, stack, move }: Failure): Error {
  if (move !== undefined) return MoveFailed.of(message, move);
  return Object.assign(new Error(message), { name, stack });
}
