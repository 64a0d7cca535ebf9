/** The rules of gitleaks, applied as gitleaks does it (its detect/detect.go). */
import gitleaks from "./gitleaks.json";

interface Allowlist {
  /** What the patterns are held against. */
  readonly target: string;
  readonly patterns: readonly string[];
  /** Words in what is no secret. */
  readonly words: readonly string[];
}

interface ScannerRule {
  readonly id: string;
  readonly pattern: string;
  /** Bits a character that a secret has more of. */
  readonly entropy: number;
  /** Group of the pattern that is the secret; 0: the first that is there. */
  readonly group: number;
  /** In lower case: without one of them in a text, the pattern need not be tried. */
  readonly keywords: readonly string[];
  readonly allowed: readonly Allowlist[];
}

/** A secret and where it stands. */
export interface Secret {
  readonly what: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

const allowed: Allowlist = gitleaks.allowed;
export const scannerRules: readonly ScannerRule[] = gitleaks.rules;

const patterns = new Map<string, RegExp>();

function compiled(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source, "g");
  patterns.set(source, known);
  return known;
}

/** @param text scanned as a whole; the caller limits its length */
export function scan(text: string): readonly Secret[] {
  const lower = text.toLowerCase();
  return scannerRules
    .filter(({ keywords }) => keywords.length === 0 || keywords.some((word) => lower.includes(word)))
    .flatMap((rule) =>
      [...text.matchAll(compiled(rule.pattern))].flatMap((match) => found(rule, match, text)),
    );
}

function found(rule: ScannerRule, match: RegExpMatchArray, text: string): Secret[] {
  const value =
    rule.group > 0 ? (match[rule.group] ?? "") : (match.slice(1).find((group) => group) ?? match[0]);
  if (rule.entropy > 0 && entropy(value) <= rule.entropy) return [];
  if (rule.id.startsWith("generic") && !/\d/.test(value)) return [];
  const from = match.index ?? 0;
  const line = text.slice(text.lastIndexOf("\n", from) + 1, from) + match[0];
  const targets: Readonly<Record<string, string>> = { secret: value, match: match[0], line };
  const isAllowed = [allowed, ...rule.allowed].some(
    ({ target, patterns: sources, words }) =>
      sources.some((source) => new RegExp(compiled(source).source).test(targets[target] ?? value)) ||
      words.some((word) => value.toLowerCase().includes(word)),
  );
  return isAllowed
    ? []
    : [{ what: `a secret (gitleaks: ${rule.id})`, value, from, to: from + match[0].length }];
}

/** Shannon's entropy of a text's characters, in bits. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / text.length) * Math.log2(count / text.length),
    0,
  );
}
