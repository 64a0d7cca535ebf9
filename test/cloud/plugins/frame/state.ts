import { type Context, type Definition } from "./definition";
import { absent, type Difference, same, satisfied } from "./diff";
import { type Field, type Fields } from "./fields";
import { hasUnknown, isValues, parsePath, type Path, UNKNOWN, type Values } from "./values";

/** What a preview can say of a resource that doesn't exist yet. */
export function plannedCreate<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  inputs: Values,
): Values {
  const state: Values = { ...inputs };
  for (const name of definition.outputs) state[name] ??= UNKNOWN;
  for (const [name, field] of Object.entries(definition.inputs)) {
    if (field.computed === true) state[name] ??= UNKNOWN;
  }
  return state;
}

export function plannedUpdate<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  state: Values,
  news: Values,
  differences: readonly Difference[],
): Values {
  const planned: Values = { ...state };
  for (const name of new Set(differences.map((difference) => String(difference.path[0])))) {
    planned[name] = news[name];
    for (const output of definition.follows?.[name] ?? []) planned[output] = UNKNOWN;
  }
  for (const [name, field] of Object.entries(definition.inputs)) {
    if (field.local === true) planned[name] = news[name];
    else if (hasUnknown(news[name])) planned[name] = news[name];
  }
  return planned;
}

/**
 * The state as it is stored: what was read, in the program's spelling where that means the same, so that a refresh
 * shows real drift only, and the values that only the program knows.
 */
export function settled<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  read: Values,
  inputs: Values,
): Values {
  const state: Values = { ...read };
  for (const [name, field] of Object.entries(definition.inputs)) {
    const input = inputs[name];
    if (input === undefined) {
      // After an import nobody has said how the provider is to act: as it does by default.
      if (field.local === true && field.default !== undefined) state[name] ??= field.default;
      continue;
    }
    if (field.local === true) state[name] ??= input;
    else state[name] = adopt(field, input, state[name]);
  }
  return state;
}

function adopt(field: Field, input: unknown, read: unknown): unknown {
  if (absent(read) && absent(input)) return input;
  if (field.kind === "object" && isValues(input) && isValues(read)) {
    const members = Object.entries(field.fields ?? {}).filter(([name]) => input[name] !== undefined);
    return {
      ...read,
      ...Object.fromEntries(members.map(([name, member]) => [name, adopt(member, input[name], read[name])])),
    };
  }
  return same(field, input, read) ? input : read;
}

/** Inputs that describe what was read: after a refresh, those the program had; on import, all that matter. */
export function inputsOf<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  state: Values,
  olds: Values | undefined,
): Values {
  const inputs: Values = {};
  for (const [name, field] of Object.entries(definition.inputs)) {
    if (field.internal === true) continue;
    if (olds) {
      if (olds[name] === undefined) continue;
      inputs[name] = field.local === true ? olds[name] : refreshed(field, olds[name], state[name]);
    } else if (field.local === true || !absent(state[name]) || field.default !== undefined) {
      inputs[name] = state[name] ?? field.default;
    }
  }
  return inputs;
}

function refreshed(field: Field, old: unknown, now: unknown): unknown {
  if (satisfied(field, now, old)) return old;
  if (field.kind === "object" && isValues(old) && isValues(now)) {
    const members = Object.entries(field.fields ?? {}).filter(([name]) => old[name] !== undefined);
    return Object.fromEntries(
      members.map(([name, member]) => [name, refreshed(member, old[name], now[name])]),
    );
  }
  return now;
}

/** `ignoreChanges` also holds for an update: what is ignored keeps the value that it has. */
export function keepIgnored(news: Values, state: Values, ignored: readonly string[]): Values {
  let result = news;
  for (const path of ignored.map(parsePath)) {
    if (!path.includes("*")) result = copyAt(result, state, path) as Values;
  }
  return result;
}

function copyAt(target: unknown, source: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return source;
  if (Array.isArray(target) && typeof step === "number") {
    const from: unknown = Array.isArray(source) ? source[step] : undefined;
    return target.map((item: unknown, index) => (index === step ? copyAt(item, from, rest) : item));
  }
  if (!isValues(target)) return target;
  return { ...target, [step]: copyAt(target[step], isValues(source) ? source[step] : undefined, rest) };
}

/** A read may know the id better than who asked: import takes other forms. */
export const idOf = (read: Values, asked: string): string =>
  typeof read["id"] === "string" ? read["id"] : asked;

/** What only the program knows, and no cloud gives back. */
export function localsOf<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  values: Values,
): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => definition.inputs[name]?.local === true),
  );
}
