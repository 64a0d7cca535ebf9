/** What the engine stores of a service, and what people see of it. */
import type { Location, Place, Step } from "./moves/contract";

/** One of the three kinds of services. */
export type Kind = "OverlayIp" | "FloatingEni" | "ServiceName";

/** Inputs of the dynamic resource; `Service` is what the mechanism of its kind moves. */
export interface ServiceInputs<Service = unknown> {
  readonly service: Service;
  /** Name of the node that is to have the service; unset: it stays where it is. */
  readonly active?: string;
  /** The node that gets the service when nobody has it yet. */
  readonly initial: string;
  /**
   * The node that the service is to be on, worked out by `check`: `active`, or where the engine saw it last. It makes a
   * plan say "from here to there", and a refresh show a foreign move. Undefined: on no single node, and none is chosen.
   */
  readonly activeNode?: string;
  /** Anything whose change means that the places have to be looked at again, e.g. the list of route tables. */
  readonly places: readonly string[];
  /** Named profile of the AWS configuration. */
  readonly profile?: string;
}

export interface Movement {
  readonly from?: string;
  readonly to: string;
  readonly moved: boolean;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

/** Outputs: the inputs, but with the node that really had the service when the engine last looked. */
export interface ServiceState<Service = unknown> extends ServiceInputs<Service> {
  readonly location: Location["state"];
  readonly where: readonly Place[];
  /** The last move that the engine carried out; it stays when others move the service later. */
  readonly lastMove?: Movement;
}
