/** Is `version` (like v3.274.1) at least `wanted`? Suffixes after a dash are ignored. */
export function atLeast(version: string, wanted: string): boolean {
  const numbers = (text: string): number[] =>
    (text.replace(/^v/, "").split("-")[0] ?? "").split(".").map(Number);
  const [left, right] = [numbers(version), numbers(wanted)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
