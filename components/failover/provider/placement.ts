/** Where a service is, and where it stays when nobody chose a node for it. */
import type { Location } from "../core/contract";
import { type Former, homeOf } from "./states";

/** The node that has it; else what each place leads to; undefined: it is nowhere. */
export function whereOf(location: Location, former?: Former): string | undefined {
  const { node } = homeOf(location, former);
  if (node !== undefined) return node;
  if (location.state === "absent") return undefined;
  return location.places
    .map(({ where, target, node: at }) => `${where}: ${at ?? target ?? "nothing"}`)
    .join(", ");
}

/**
 * The node on which it stays: the one that has it. One that nobody has, or whose move was left half done between its
 * nodes, goes to the node that had it last. Undefined: a stranger has a part of it, which only a choice can take away.
 */
export function stayingNode(
  location: Location,
  former: Former,
  remembered: string | undefined,
): string | undefined {
  const { node } = homeOf(location, former);
  if (node !== undefined) return node;
  const isOurs = location.places.every(
    ({ target, node: at }) => target === undefined || at !== undefined || former.has(target),
  );
  return isOurs ? remembered : undefined;
}
