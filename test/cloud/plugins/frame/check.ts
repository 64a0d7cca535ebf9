import { createHash } from "node:crypto";
import { type Context, type Definition, type Problem } from "./definition";
import { type Field, type Fields } from "./fields";
import { hasUnknown, isUnknown, isValues, type Path, showPath, type Values } from "./values";

/** How a person adds what is missing; appended to every refusal. */
export type Remedy = string;

export interface Checked {
  readonly inputs: Values;
  readonly problems: Problem[];
}

/** Validates inputs strictly, brings spellings of scalars to their kind and adds defaults. */
export function checkFields(fields: Fields, given: Values, token: string, remedy: Remedy): Checked {
  const problems: Problem[] = [];
  const inputs = checkMembers(
    fields,
    given,
    [],
    (path, reason) => {
      problems.push({ property: showPath(path), reason: `${token}: ${reason}` });
    },
    remedy,
  );
  return { inputs, problems };
}

type Report = (path: Path, reason: string) => void;

function checkMembers(fields: Fields, given: Values, at: Path, report: Report, remedy: Remedy): Values {
  const result: Values = {};
  for (const [name, value] of Object.entries(given)) {
    // The SDK and the bridge of the official provider add bookkeeping such as __defaults: not the program's.
    if (name.startsWith("__")) continue;
    const field = fields[name];
    const path = [...at, name];
    if (field && field.internal !== true) result[name] = checkValue(field, value, path, report, remedy);
    else
      report(path, `the offline cloud's stand-in doesn't handle the property '${showPath(path)}'. ${remedy}`);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (result[name] !== undefined) continue;
    if (field.default !== undefined) result[name] = field.default;
    else if (field.required === true)
      report([...at, name], `the property '${showPath([...at, name])}' is required. Set it.`);
  }
  return result;
}

function checkValue(field: Field, value: unknown, path: Path, report: Report, remedy: Remedy): unknown {
  if (isUnknown(value) || field.kind === "any") return value;
  const wrong = (expected: string): unknown => {
    report(
      path,
      `the property '${showPath(path)}' must be ${expected}, and is ${describe(value)}. Correct it in the program.`,
    );
    return value;
  };
  switch (field.kind) {
    case "object":
      if (!isValues(value)) return wrong("an object");
      return checkMembers(field.fields ?? {}, value, path, report, remedy);
    case "map": {
      if (!isValues(value)) return wrong("a map of strings");
      const items = Object.entries(value).filter(([key]) => !key.startsWith("__"));
      return Object.fromEntries(
        items.map(([key, item]) => [
          key,
          checkValue(field.of ?? field, item, [...path, key], report, remedy),
        ]),
      );
    }
    case "list":
    case "set":
      if (!Array.isArray(value)) return wrong("a list");
      return value.map((item, index) =>
        checkValue(field.of ?? field, item, [...path, index], report, remedy),
      );
    default: {
      const scalar = coerce(field.kind, value);
      if (scalar === undefined) return wrong(`a ${field.kind}`);
      if (field.values && !field.values.includes(scalar)) return wrong(`one of ${field.values.join(", ")}`);
      return scalar;
    }
  }
}

/** The official provider takes "8080" for 8080 and true for "true"; so do programs that were written against it. */
function coerce(kind: "string" | "number" | "boolean", value: unknown): unknown {
  if (typeof value === kind) return value;
  if (kind === "string")
    return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  if (kind === "number")
    return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
  return value === "true" ? true : value === "false" ? false : undefined;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isValues(value)) return "an object";
  return typeof value === "string" ? "a text" : `${typeof value} ${String(value)}`;
}

interface Naming {
  readonly name: string;
  readonly seed: Uint8Array;
  readonly olds: Values;
}

export function checkResource<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  given: Values,
  naming: Naming,
  remedy: Remedy,
): Checked {
  const { inputs, problems } = checkFields(definition.inputs, given, definition.token, remedy);
  addName(definition, inputs, naming);
  // A rule over several inputs judges well-formed ones only: one mistake, one message.
  if (problems.length === 0 && definition.check) {
    for (const problem of definition.check(inputs as never)) {
      problems.push({ property: problem.property, reason: `${definition.token}: ${problem.reason}` });
    }
  }
  return { inputs, problems };
}

/** `name-1a2b3c4`, as the official provider names what has no name; the old name stays while it fits. */
function addName<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  inputs: Values,
  naming: Naming,
): void {
  const auto = definition.autoname;
  if (!auto || inputs[auto.property] !== undefined) return;
  const prefix = inputs[`${auto.property}Prefix`];
  if (isUnknown(prefix)) return;
  const stem = typeof prefix === "string" ? prefix : `${naming.name}-`;
  const old = naming.olds[auto.property];
  if (typeof old === "string" && isGenerated(old, stem)) {
    inputs[auto.property] = old;
    return;
  }
  const random = createHash("sha256").update(naming.seed).update(stem).digest("hex").slice(0, 7);
  inputs[auto.property] = `${stem.slice(0, auto.max - 7)}${random}`;
}

export const isGenerated = (name: string, stem: string): boolean =>
  name.length === stem.length + 7 && name.startsWith(stem) && /^[0-9a-f]{7}$/.test(name.slice(stem.length));

/** A replacement that must bear the name the program gave can't be made while the old one has it. */
export function keepsName<F extends Fields, C extends Context>(
  definition: Definition<F, C>,
  resourceName: string,
  state: Values,
  news: Values,
): boolean {
  const property = definition.autoname?.property;
  if (property === undefined) return false;
  const name = news[property];
  if (typeof name !== "string" || name !== state[property]) return false;
  const prefix = news[`${property}Prefix`];
  return !isGenerated(name, typeof prefix === "string" ? prefix : `${resourceName}-`);
}

/** Exactly one of these must be set. Unknown values count as set. */
export function exactlyOne(inputs: Values, properties: readonly string[]): Problem[] {
  const found = properties.filter((property) => inputs[property] !== undefined && inputs[property] !== "");
  if (found.length === 1 || properties.some((property) => hasUnknown(inputs[property]) && found.length <= 1))
    return [];
  const what = found.length === 0 ? "none is set" : `${found.join(" and ")} are set`;
  return [
    {
      property: found[1] ?? properties[0] ?? "",
      reason: `exactly one of ${properties.join(", ")} must be set; ${what}. Keep one.`,
    },
  ];
}

export function atMostOne(inputs: Values, properties: readonly string[]): Problem[] {
  const found = properties.filter((property) => inputs[property] !== undefined && inputs[property] !== "");
  if (found.length <= 1) return [];
  return [{ property: found[1] ?? "", reason: `${found.join(" and ")} exclude each other. Keep one.` }];
}
