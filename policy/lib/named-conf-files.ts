import type { Resource } from "./resource";
import { filesOf } from "./user-data";

export interface NamedConf {
  /** Path on the machine. */
  readonly path: string;
  readonly text: string;
}

/** The named.conf files that a machine's user data brings. */
export function namedConfsOf(resource: Resource): readonly NamedConf[] {
  return filesOf(resource).filter(
    ({ path, text }) => /named\.conf$/.test(path) && /\boptions\s*\{/.test(text),
  );
}
