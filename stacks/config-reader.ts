import { type Problem } from "../components/network/problem.plan";

/** Values as Pulumi hands them to a program, by key without the project's name: text, or JSON for lists and maps. */
export type RawConfig = Readonly<Record<string, string>>;

/**
 * Reads single settings and collects what is wrong with them. A value that cannot be used is reported and replaced by
 * undefined, so that the rest is still read; what needs it must not report the same again.
 */
export class ConfigReader {
  readonly problems: Problem[] = [];

  constructor(private readonly raw: RawConfig) {}

  report(key: string, reason: string, remedy: string): undefined {
    this.problems.push({ key, reason, remedy });
    return undefined;
  }

  /** Reports keys that nothing reads: a misspelt key would otherwise be ignored in silence. */
  reportUnknown(known: readonly string[]): void {
    for (const key of Object.keys(this.raw)) {
      if (!known.includes(key))
        this.report(key, "is no setting of this project", `use one of: ${known.join(", ")}`);
    }
  }

  /** The text, or undefined when it is empty or not set. */
  optional(key: string): string | undefined {
    const value = this.raw[key]?.trim();
    return value === undefined || value === "" ? undefined : value;
  }

  text(key: string): string | undefined {
    return (
      this.optional(key) ?? this.report(key, "is empty", "give it a value, or remove it to get the default")
    );
  }

  optionalMatching(key: string, pattern: RegExp, what: string): string | undefined {
    const value = this.optional(key);
    if (value === undefined || pattern.test(value)) return value;
    return this.report(key, `${JSON.stringify(value)} is not ${what}`, `write ${what}`);
  }

  matching(key: string, pattern: RegExp, what: string): string | undefined {
    return this.text(key) === undefined ? undefined : this.optionalMatching(key, pattern, what);
  }

  optionalOneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.optional(key);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    return (
      found ?? this.report(key, `${JSON.stringify(value)} is unknown`, `use one of: ${choices.join(", ")}`)
    );
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    return this.text(key) === undefined ? undefined : this.optionalOneOf(key, choices);
  }

  integer(key: string, least: number, most: number): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= least && value <= most) return value;
    return this.report(
      key,
      `${JSON.stringify(text)} is out of range`,
      `write a whole number from ${least} to ${most}`,
    );
  }

  list(key: string): string[] | undefined {
    const value = this.json(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
    return this.report(
      key,
      "is not a list of texts",
      `set it with: pulumi config set --path '${key}[0]' VALUE`,
    );
  }

  map(key: string): Record<string, string> | undefined {
    const value = this.json(key);
    if (value === undefined) return undefined;
    const entries =
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value)
        : undefined;
    if (entries?.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
      return Object.fromEntries(entries);
    }
    return this.report(
      key,
      "is not a map of texts",
      `set it with: pulumi config set --path '${key}.NAME' VALUE`,
    );
  }

  private json(key: string): unknown {
    const text = this.text(key);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return text; // a bare word in the stack's file: the caller says what is expected instead
    }
  }
}
