/** The engine that is built or downloaded when none is installed, and the oldest installed one that will do. */
export const engineVersion = "3.274.1";
export const oldestEngine = "3.200.0";

/** Versions of the resource plugins that the SDKs in package.json ask for. */
export function pluginVersion(
  sdk: "@pulumi/aws" | "@pulumi/command",
  manifest: { dependencies: Record<string, string> },
): string {
  const version = manifest.dependencies[sdk];
  if (version === undefined) throw new Error(`package.json does not list ${sdk}`);
  return version;
}

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
