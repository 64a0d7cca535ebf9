/** What the provider, the mover and the commands know of the mechanisms in the list. */
import type { MechanismFacts } from "../core/facts";
import * as all from "./list";

/** Last part of the type of a service's resource. */
export type Kind = keyof typeof all;

export const kinds: Readonly<Record<Kind, MechanismFacts>> = all;
