import { ownSecrets } from "./own";
import { isReference } from "./references";
import { scan, type Secret } from "./scanner";

/** Longer texts are not user data, whose limit is 16 KiB; the rest of them is not looked at. */
export const SCAN_LIMIT = 128 * 1024;

/** Sums of what is public, which are as random as secrets are. */
const sums = /sha(?:1|256|384|512)|md5|checksum|fingerprint|digest|ca-cert-hash|integrity/i;

/**
 * Returns what looks like a secret in texts, each value once: a text and a part of it may both have it. The scanner's
 * rules decide; rules of our own know what it leaves out, and what only refers to a secret.
 */
export function secretsIn(texts: readonly string[]): readonly string[] {
  const values = new Set<string>();
  const found = texts.flatMap((whole) => {
    const text = whole.slice(0, SCAN_LIMIT);
    const taken: Secret[] = [];
    const scanned = scan(text).filter(
      ({ value, from, to }) => !isReference(value) && !sums.test(text.slice(from, to)),
    );
    for (const secret of [...ownSecrets(text), ...scanned]) {
      const isTaken =
        taken.some(({ from, to }) => secret.from < to && from < secret.to) || values.has(secret.value);
      if (isTaken) continue;
      taken.push(secret);
      values.add(secret.value);
    }
    return taken.map(({ what }) => what);
  });
  return [...new Set(found)];
}
