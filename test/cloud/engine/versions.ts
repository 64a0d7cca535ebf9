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
