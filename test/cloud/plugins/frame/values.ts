/** What travels between engine and plugin: plain values, with marks for secrets and for what is not known yet. */

export type Values = Record<string, unknown>;
export type Path = readonly (string | number)[];

/** Stands for a value that is not known before the update runs; the engine sends it during previews. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has one sentinel per element type (sdk/go/common/resource/plugin/rpc.go); here they are one. */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

export interface Decoded {
  readonly values: Values;
  /** Where secrets were: the plugin works with plain values, and what it returns is marked again there. */
  readonly secrets: Path[];
}

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const isUnknown = (value: unknown): boolean => value === UNKNOWN;

export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isValues(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

/** Takes the marks off; nulls are dropped, as an absent value and null mean the same to the engine. */
export function decode(raw: unknown): Decoded {
  const secrets: Path[] = [];
  const values = strip(raw, [], secrets);
  return { values: isValues(values) ? values : {}, secrets };
}

function strip(raw: unknown, path: Path, secrets: Path[]): unknown {
  if (typeof raw === "string") return UNKNOWNS.has(raw) ? UNKNOWN : raw;
  if (Array.isArray(raw)) return raw.map((item, index) => strip(item, [...path, index], secrets));
  if (!isValues(raw)) return raw;
  switch (raw[SIGNATURE_KEY]) {
    case SECRET:
      secrets.push(path);
      return strip(raw["value"], path, secrets);
    case OUTPUT:
      if (raw["secret"] === true) secrets.push(path);
      return "value" in raw ? strip(raw["value"], path, secrets) : UNKNOWN;
    case RESOURCE:
      return "id" in raw ? strip(raw["id"], path, secrets) : raw["urn"];
  }
  const values: Values = {};
  for (const [key, value] of Object.entries(raw)) {
    const plain = strip(value, [...path, key], secrets);
    if (plain !== null && plain !== undefined) values[key] = plain;
  }
  return values;
}

/** The texts that are secret, longest first: to be taken out of what is shown. */
export function secretTexts({ values, secrets }: Decoded): string[] {
  const found = new Set<string>();
  for (const path of secrets) collect(at(values, path), found);
  return [...found].sort((a, b) => b.length - a.length);
}

export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (holder, step) => (holder as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    // Shorter ones are words of any text: taking them out would make it unreadable and protect nothing.
    if (value.length >= 4) found.add(value);
  } else if (typeof value === "object" && value !== null) {
    Object.values(value).forEach((item) => {
      collect(item, found);
    });
  }
}

/** Puts the secret marks back on and drops what is absent, so that the result can be sent. */
export function encode(values: Values, secrets: readonly Path[]): Values {
  const copy = present(values) as Values;
  for (const path of outermost(secrets)) mark(copy, path);
  return copy;
}

function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present);
  if (!isValues(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, present(item)]));
}

const outermost = (paths: readonly Path[]): Path[] =>
  paths.filter(
    (path) => !paths.some((other) => other.length < path.length && other.every((p, i) => p === path[i])),
  );

function mark(target: unknown, path: Path): void {
  const [head, ...rest] = path;
  if (head === undefined || typeof target !== "object" || target === null) return;
  const holder = target as Record<string | number, unknown>;
  const value = holder[head];
  if (value === undefined) return;
  if (rest.length > 0) mark(value, rest);
  else if (!isSecret(value)) holder[head] = { [SIGNATURE_KEY]: SECRET, value };
}

const isSecret = (value: unknown): boolean => isValues(value) && value[SIGNATURE_KEY] === SECRET;

/** A property path as the engine writes it: `tags.Name`, `ingress[0].fromPort`, `tags["aws:x"]`. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${String(step)}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${text}["${step.replace(/["\\]/g, "\\$&")}"]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** The reverse of showPath; `*` is a wildcard, as in `ignoreChanges: ["ingress[*].description"]`. */
export function parsePath(text: string): Path {
  const steps: (string | number)[] = [];
  for (const match of text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, name] = match;
    if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, "$1"));
    else if (index !== undefined) steps.push(index === "*" ? "*" : Number(index));
    else if (name !== undefined) steps.push(name);
  }
  return steps;
}
