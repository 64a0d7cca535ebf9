import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

/** One value of a rule that its user may choose. */
export interface Choice<T> {
  readonly default: T;
  /** What the value decides, for the documentation. */
  readonly description: string;
  /** What is accepted, after "give": `a whole number from 1 to 300`. */
  readonly accepted: string;
  readonly schema: PolicyConfigJSONSchema;
  readonly accepts: (value: unknown) => boolean;
}

export type Choices = Readonly<Record<string, Choice<unknown>>>;
export type ValuesOf<C extends Choices> = { readonly [K in keyof C]: C[K]["default"] };

interface Described<T> {
  readonly default: T;
  readonly description: string;
}

export function wholeNumber(
  range: Described<number> & { readonly min: number; readonly max: number },
): Choice<number> {
  const { min, max, description } = range;
  return {
    default: range.default,
    description,
    accepted: `a whole number from ${min} to ${max}`,
    schema: { type: "integer", minimum: min, maximum: max, default: range.default, description },
    accepts: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

export function portList({
  default: ports,
  description,
}: Described<readonly number[]>): Choice<readonly number[]> {
  const isPort = (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;
  return {
    default: ports,
    description,
    accepted: "a list of ports from 1 to 65535, e.g. [22, 53]",
    schema: {
      type: "array",
      items: { type: "integer", minimum: 1, maximum: 65535 },
      default: [...ports],
      description,
    },
    accepts: (value) => Array.isArray(value) && value.every(isPort),
  };
}

export function textList({
  default: list,
  description,
}: Described<readonly string[]>): Choice<readonly string[]> {
  return {
    default: list,
    description,
    accepted: 'a list of texts, e.g. ["Owner"]',
    schema: { type: "array", items: { type: "string", minLength: 1 }, default: [...list], description },
    accepts: (value) =>
      Array.isArray(value) && value.every((text) => typeof text === "string" && text.length > 0),
  };
}

export function flag({ default: value, description }: Described<boolean>): Choice<boolean> {
  return {
    default: value,
    description,
    accepted: "true or false",
    schema: { type: "boolean", default: value, description },
    accepts: (given) => typeof given === "boolean",
  };
}

/** Read configuration, or everything that is wrong with it: `rule.key is …; give …`. */
export interface ReadConfig<C extends Choices> {
  readonly values: ValuesOf<C>;
  readonly problems: readonly string[];
}

/**
 * The engine checks a configuration against the schema before it starts. What a schema cannot say, and what came past
 * an engine that does not check, is found here: a misspelt key would otherwise be a rule that does not do what was asked.
 */
export function readConfig<C extends Choices>(
  rule: string,
  choices: C,
  given: Readonly<Record<string, unknown>>,
): ReadConfig<C> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, choice] of Object.entries(choices)) {
    const value = given[key];
    values[key] = value === undefined ? choice.default : value;
    if (value === undefined || choice.accepts(value)) continue;
    problems.push(`${rule}.${key} is ${JSON.stringify(value)}; give ${choice.accepted}`);
  }
  const known = Object.keys(choices);
  for (const key of Object.keys(given).filter(
    (name) => !known.includes(name) && name !== "enforcementLevel",
  )) {
    const remedy =
      known.length === 0 ? "remove it: this rule has no choices" : `use one of: ${known.join(", ")}`;
    problems.push(`${rule}.${key} is no key of this rule; ${remedy}`);
  }
  return { values: values as ValuesOf<C>, problems };
}
