import { type Definition, type InvokeDefinition } from "../frame/definition";
import { type Context } from "../frame/definition";
import { type Fields, flag, list, map, text } from "../frame/fields";
import { type Values } from "../frame/values";

/** What a command left; a resource's read in the same operation takes it into the state. */
export interface CommandContext extends Context {
  output: Output | undefined;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export type CommandDefinition = Definition<Fields, CommandContext>;
export type CommandInvoke = InvokeDefinition<Fields, CommandContext>;

export function resource<F extends Fields>(definition: Definition<F, CommandContext>): CommandDefinition {
  return definition as unknown as CommandDefinition;
}

export function invoke<F extends Fields>(definition: InvokeDefinition<F, CommandContext>): CommandInvoke {
  return definition as unknown as CommandInvoke;
}

/** What commands here and on other machines have in common. */
export const commonFields = {
  addPreviousOutputInEnv: flag(),
  environment: map(),
  logging: text({ values: ["stdout", "stderr", "stdoutAndStderr", "none"] }),
  stdin: text(),
};

export const localFields = { ...commonFields, dir: text(), interpreter: list(text()) };

/** The previous output, for the next command, as the official provider gives it. */
export function previousOutput(inputs: Values, state: Values): Record<string, string> {
  if (inputs["addPreviousOutputInEnv"] === false) return {};
  const found: Record<string, string> = {};
  for (const [name, property] of [
    ["PULUMI_COMMAND_STDOUT", "stdout"],
    ["PULUMI_COMMAND_STDERR", "stderr"],
  ] as const) {
    const value = state[property];
    if (typeof value === "string" && value !== "") found[name] = value;
  }
  return found;
}

export const environmentOf = (inputs: Values): Record<string, string> =>
  (inputs["environment"] ?? {}) as Record<string, string>;
