import { type Context, type Definition } from "./definition";
import { type Field, type Fields } from "./fields";
import { hasUnknown, isUnknown, isValues, parsePath, type Path, type Values } from "./values";

export interface Difference {
  readonly path: Path;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

/**
 * What the program wants against what is there, as the official provider compares: against the state rather than
 * the old inputs, so that drift found by a refresh shows. Left-out properties that the cloud fills are no difference.
 */
export function compare<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  state: Values,
  news: Values,
  ignored: readonly string[],
): Difference[] {
  const found: Difference[] = [];
  for (const [name, field] of Object.entries(definition.inputs)) {
    compareValue(field, state[name], news[name], [name], field.forceNew === true, found);
  }
  const skip = ignored.map(parsePath);
  const kept = found.filter((difference) => !skip.some((path) => covers(path, difference.path)));
  if (!definition.replaces) return kept;
  return kept.map((difference) => {
    if (difference.replace) return difference;
    const replace = definition.replaces?.(String(difference.path[0]), news as never, state) === true;
    return replace ? { ...difference, replace } : difference;
  });
}

const covers = (ignored: Path, path: Path): boolean =>
  ignored.length <= path.length && ignored.every((step, index) => step === "*" || step === path[index]);

function compareValue(
  field: Field,
  old: unknown,
  wanted: unknown,
  path: Path,
  replace: boolean,
  found: Difference[],
): void {
  const add = (kind: Difference["kind"], at: Path = path): void => {
    found.push({ path: at, kind, replace });
  };
  if (isUnknown(wanted)) return add(old === undefined ? "add" : "update");
  if (wanted === undefined) {
    if (field.computed !== true && !absent(old)) removed(field, old, path, add);
    return;
  }
  if (absent(wanted) && absent(old)) return;
  if (field.kind === "object" && isValues(wanted) && isValues(old)) {
    for (const [name, member] of Object.entries(field.fields ?? {})) {
      compareValue(
        member,
        old[name],
        wanted[name],
        [...path, name],
        replace || member.forceNew === true,
        found,
      );
    }
    return;
  }
  if (field.kind === "map" && isValues(wanted)) {
    const before = isValues(old) ? old : {};
    for (const key of new Set([...Object.keys(before), ...Object.keys(wanted)])) {
      if (!(key in wanted)) add("delete", [...path, key]);
      else if (!(key in before)) add("add", [...path, key]);
      else if (before[key] !== wanted[key]) add("update", [...path, key]);
    }
    return;
  }
  if (field.kind === "set" && Array.isArray(wanted) && Array.isArray(old)) {
    compareSets(field.of ?? field, old, wanted, path, add);
    return;
  }
  if (field.kind === "list" && Array.isArray(wanted) && Array.isArray(old)) {
    const of = field.of ?? field;
    for (let i = 0; i < Math.max(old.length, wanted.length); i++) {
      if (i >= wanted.length) add("delete", [...path, i]);
      else if (i >= old.length) add("add", [...path, i]);
      else compareValue(of, old[i], wanted[i], [...path, i], replace, found);
    }
    return;
  }
  if (!same(field, old, wanted)) add(old === undefined ? "add" : "update");
}

/** A removed map is shown key by key, as its keys are what goes. */
function removed(field: Field, old: unknown, path: Path, add: (kind: "delete", at: Path) => void): void {
  if (field.kind === "map" && isValues(old))
    for (const key of Object.keys(old)) add("delete", [...path, key]);
  else add("delete", path);
}

function compareSets(
  of: Field,
  old: unknown[],
  wanted: unknown[],
  path: Path,
  add: (kind: Difference["kind"], at: Path) => void,
): void {
  const left = new Map(old.map((value, index) => [index, value]));
  // The most definite elements choose first: one that leaves much to the cloud may match several.
  const order = wanted
    .map((value, index) => ({ value, index }))
    .sort((a, b) => open(of, a.value) - open(of, b.value));
  for (const { value, index } of order) {
    const match = hasUnknown(value)
      ? undefined
      : [...left].find(([, candidate]) => matches(of, candidate, value));
    if (match) left.delete(match[0]);
    else add("add", [...path, index]);
  }
  // With an unknown element nobody can say which of the old ones goes.
  if (wanted.some(hasUnknown)) return;
  for (const index of left.keys()) add("delete", [...path, index]);
}

function open(of: Field, value: unknown): number {
  if (of.kind !== "object" || !isValues(value)) return 0;
  return Object.entries(of.fields ?? {}).filter(
    ([name, field]) => field.computed === true && value[name] === undefined,
  ).length;
}

function matches(of: Field, old: unknown, wanted: unknown): boolean {
  const found: Difference[] = [];
  compareValue(of, old, wanted, [], false, found);
  return found.length === 0;
}

/** Whether a program that has `wanted` would find nothing to do when `old` is there. */
export const satisfied = (field: Field, old: unknown, wanted: unknown): boolean =>
  matches(field, old, wanted);

/** The official provider's framework doesn't tell unset from the zero value either. */
export function absent(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return Array.isArray(value) ? value.length === 0 : isValues(value) && Object.values(value).every(absent);
}

export function same(field: Field, a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(field, a)) === JSON.stringify(canonical(field, b));
}

/** One spelling for equal values: normalised, zero values dropped, keys and sets sorted. */
export function canonical(field: Field, value: unknown): unknown {
  if (absent(value) || isUnknown(value)) return isUnknown(value) ? value : null;
  if (field.normalise) return field.normalise(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(field.of ?? field, item));
    return field.kind === "set" ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (isValues(value)) {
    const members = Object.keys(value)
      .filter((key) => !absent(value[key]))
      .sort();
    return members.map((key) => [
      key,
      canonical(field.fields?.[key] ?? field.of ?? { kind: "any" }, value[key]),
    ]);
  }
  return value;
}
