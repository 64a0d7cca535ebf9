import type { Resource } from "./resource";
import { types } from "./types";
import { filesOf, userDataTypes } from "./user-data";
import { asText } from "./values";

export interface NamedConf {
  /** Path on the machine, or how it gets there. */
  readonly path: string;
  readonly text: string;
}

/** Types that bring a named.conf to a machine: at its first boot, or later by a command over SSH. */
export const namedConfTypes = [...userDataTypes, types.remoteCommand] as const;

export function namedConfsOf(resource: Resource): readonly NamedConf[] {
  const files =
    resource.type === types.remoteCommand
      ? [{ path: "a named.conf by its stdin", text: asText(resource.props.stdin) ?? "" }]
      : filesOf(resource).filter(({ path }) => path.endsWith("named.conf"));
  return files.filter(({ text }) => /\boptions\s*\{/.test(text) && /\b(forwarders|recursion)\b/.test(text));
}
