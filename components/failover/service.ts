/** What the engine stores of a service, and what people see of it. */
import type { Location, Place, Step } from "./core/contract";

/** Key of a candidate's own input, e.g. `node:node1`. */
export type NodeKey = `node:${string}`;

/**
 * Inputs of the dynamic resource, flat: the engine tracks what is not known yet, and what depends on what, by top-level
 * property. So each node has a property of its own (`NodeKey`), and a node that is replaced makes that one unknown and no
 * other. Beside those there are the mechanism's own, e.g. `vpcId` and `destination` of an overlay IP.
 */
export interface ServiceInputs {
  readonly region: string;
  /** Name of the node that is to have the service; unset: it stays where it is. */
  readonly active?: string;
  /** The node that gets the service when nobody has it. */
  readonly initial: string;
  /**
   * The node that the service is to be on, worked out by `check`: `active`, or where it is. It makes a plan say "from
   * here to there", and a refresh show a foreign move. Undefined: on no single node, and none is chosen.
   */
  readonly activeNode?: string;
  /** Named profile of the AWS configuration. */
  readonly profile?: string;
  /** Name of the stack, in whose state other owners of the service are looked for when it is deleted. */
  readonly stack?: string;
}

export interface Movement {
  readonly from?: string;
  readonly to: string;
  readonly moved: boolean;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

/** Outputs: the inputs, but with the node that really had the service when the engine last looked. */
export interface ServiceState extends ServiceInputs {
  readonly location: Location["state"];
  readonly where: readonly Place[];
  /** The node that had it when the engine last saw it on one. */
  readonly lastNode?: string;
  /** The last move that the engine carried out; it stays when others move the service later. */
  readonly lastMove?: Movement;
}

/**
 * Names the setting that chooses a service's node: the failover command writes it, and the program gives its value to the
 * component (`active`). Without the project's name.
 * @param service name of its resource, e.g. `overlay`
 */
export const activeSetting = (service: string): string =>
  // A key has no colon in it but the one behind the project's name.
  `${service.replaceAll(/:+/g, "-")}Active`;

/** Whether a setting chooses a service's node. */
export const isActiveSetting = (key: string): boolean => key.endsWith(activeSetting(""));
