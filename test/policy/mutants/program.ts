/** The lab's own program, with the one mistake that the environment names. */
import * as pulumi from "@pulumi/pulumi";
import { Seen } from "./_changes";
import { cases } from "./_mutants";
import { mistakeVariable } from "./_names";

const mistake = process.env[mistakeVariable] ?? "";
const mutant = cases[mistake]?.mutant;
if (mutant === undefined && mistake !== "none")
  throw new Error(`There is no mistake ${JSON.stringify(mistake)}`);

const seen = new Seen();
pulumi.runtime.registerStackTransformation((args) => {
  seen.add(args);
  const props = mutant?.change?.(args, seen);
  return props === undefined ? undefined : { props, opts: args.opts };
});

export = async (): Promise<unknown> => {
  // Loaded when the transformation is there, for it applies to what comes after it only.
  const { default: program } = (await import("../../../stacks")) as unknown as {
    default: () => Promise<unknown>;
  };
  const outputs = await program();
  mutant?.add?.(seen);
  return outputs;
};
