import { unscopedActions } from "./unscoped-actions";

const unscoped: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(unscopedActions).map(([service, names]) => [
    service,
    new Set(names.toLowerCase().split(" ")),
  ]),
);

/** Calls whose only resource is one that few have, and need not be named: metrics of one's own belong to no data set. */
const optional = new Set(["cloudwatch:putmetricdata"]);

/**
 * Whether an action can be limited to resources. Patterns count as such, except those of Describe calls, nearly all of
 * which cannot; services that the table does not have are not judged.
 */
export function canBeScoped(action: string): boolean {
  const [service = "", name = ""] = action.toLowerCase().split(":");
  const names = unscoped.get(service);
  // All actions of all services, or of one, are another rule's matter.
  if (names === undefined || /^\**$/.test(name)) return false;
  if (/[*?]/.test(name)) return !name.startsWith("describe");
  return !names.has(name) && !optional.has(`${service}:${name}`);
}
