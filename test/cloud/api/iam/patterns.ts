/** What is known about a request, by the condition key in lower case. */
export type Context = ReadonlyMap<string, readonly string[]>;

export function contextOf(values: Readonly<Record<string, string | readonly string[]>>): Context {
  return new Map(
    Object.entries(values).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === "string" ? [value] : value,
    ]),
  );
}

/** Stands for a character that is meant literally, although it is a wildcard elsewhere (`${*}`). */
const LITERAL: Readonly<Record<string, string>> = { "*": "\u0001", "?": "\u0002", $: "$" };

/**
 * Puts a request's values in the place of a policy's variables (IAM JSON policy elements, "Variables and tags"):
 * `${aws:username}`, `${aws:username, 'nobody'}`, `${*}`.
 * @param versioned older policies than 2012-10-17 know no variables
 * @returns the text to be compared, and as a pattern, in which the values' own wildcards are none; undefined if a value is
 *   missing: then nothing matches
 */
export function substituted(
  text: string,
  context: Context,
  versioned: boolean,
): { plain: string; pattern: string } | undefined {
  if (!versioned || !text.includes("${")) return { plain: text, pattern: text };
  let missing = false;
  const replace = (literal: (value: string) => string): string =>
    text.replace(/\$\{([^}]*)\}/g, (_all, inner: string) => {
      const own = LITERAL[inner];
      if (own !== undefined) return literal(inner);
      const [key = "", fallback] = inner.split(/,\s*/);
      const values = context.get(key.trim().toLowerCase());
      const value = values?.length === 1 ? values[0] : fallback?.replace(/^'(.*)'$/, "$1");
      if (value === undefined) missing = true;
      return literal(value ?? "");
    });
  const plain = replace((value) => value);
  const pattern = replace((value) => value.replace(/[*?]/g, (one) => LITERAL[one] ?? one));
  return missing ? undefined : { plain, pattern };
}

/** Whether a text matches a pattern with `*` (any number of characters) and `?` (one). */
export function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  const literal = expression.replaceAll("\u0001", "\\*").replaceAll("\u0002", "\\?");
  return new RegExp(`^${literal}$`).test(text);
}

/** Whether an ARN matches a pattern. No wildcard reaches from one of the first five parts into the next. */
export function matchesArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [arnParts(pattern), arnParts(arn)];
  return parts.length === patterns.length && patterns.every((one, i) => matches(one, parts[i] ?? ""));
}

function arnParts(text: string): string[] {
  const parts = text.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
