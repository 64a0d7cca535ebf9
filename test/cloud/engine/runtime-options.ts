/** `runtime.options` of Pulumi.yaml and PulumiPolicy.yaml, as the official Node.js host understands them. */
import * as path from "node:path";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

export interface RuntimeOptions {
  /** false: the program's own loader (nodeargs) compiles TypeScript, not Pulumi's built-in one. */
  readonly typescript: boolean;
  /** Path of a tsconfig.json, relative to the project. */
  readonly tsconfig?: string;
  readonly nodeargs?: string;
}

function text(value: unknown, key: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new Error(`runtime.options.${key} must be a string, found ${JSON.stringify(value)}`);
}

export function runtimeOptions(info: ProgramInfo): RuntimeOptions {
  const raw: Record<string, unknown> = info.getOptions()?.toJavaScript() ?? {};
  const typescript = raw.typescript ?? true;
  if (typeof typescript !== "boolean") {
    throw new Error(`runtime.options.typescript must be true or false, found ${JSON.stringify(typescript)}`);
  }
  const tsconfig = text(raw.tsconfig, "tsconfig");
  return {
    typescript,
    nodeargs: text(raw.nodeargs, "nodeargs"),
    tsconfig: tsconfig === undefined ? undefined : path.resolve(info.getRootDirectory(), tsconfig),
  };
}

/** Words of a command line; single and double quotes group, as in a shell. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? ""),
  );
}

export function nodeArgs(options: RuntimeOptions): string[] {
  return words(options.nodeargs ?? "");
}

export function envOf(options: RuntimeOptions): Record<string, string> {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

/** The script of `@pulumi/pulumi` that runs a program, found from the program's own folder. */
export function resolveRunner(name: "run" | "run-plugin" | "run-policy-pack", directory: string): string {
  try {
    return require.resolve(`@pulumi/pulumi/cmd/${name}`, { paths: [directory] });
  } catch (error) {
    throw new Error(`@pulumi/pulumi is not installed for ${directory}: run npm install there.`, {
      cause: error,
    });
  }
}
