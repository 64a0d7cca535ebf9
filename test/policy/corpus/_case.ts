/** Programs in the shapes that people write, with what a careful reviewer would say of each. */
import type { Given, When } from "../_judge";

export interface Case {
  readonly resources: readonly Given[];
  /** Each finding as `rule: beginning of the message`; all of them, in any order. */
  readonly findings: readonly string[];
  /** What is said at one moment only, because the other one knows less or more. */
  readonly only?: Readonly<Partial<Record<When, readonly string[]>>>;
}

/** By what the program is. */
export type Cases = Readonly<Record<string, Case>>;

export function fine(...resources: readonly (Given | readonly Given[])[]): Case {
  return { resources: resources.flat(), findings: [] };
}

export function wrong(
  findings: readonly string[],
  ...resources: readonly (Given | readonly Given[])[]
): Case {
  return { resources: resources.flat(), findings };
}

/** Wrong in a way that a preview cannot know. */
export function atUpdate(
  findings: readonly string[],
  ...resources: readonly (Given | readonly Given[])[]
): Case {
  return { resources: resources.flat(), findings: [], only: { update: findings } };
}
