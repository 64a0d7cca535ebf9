import * as pulumi from "@pulumi/pulumi";
import type { ProviderKind } from "./providers";

/**
 * The provider as the engine stores it in the state and as Pulumi's process for dynamic providers runs it: a module
 * whose `handler` gives the provider. It is a shim that finds the checkout when it is called, so that a refresh or a
 * destroy runs today's code and not that of the last update. `pulumi.dynamic.Resource` would make such a text from an
 * object at each start of a program, which takes as long as the rest of the program: it reads the object's functions
 * with the TypeScript compiler.
 */
export function shim(kind: ProviderKind): string {
  return `// Finds the code of the checkout that Pulumi runs in.
exports.handler = () => {
  const fs = require("node:fs");
  const path = require("node:path");
  const loader = path.join("components", "loader", "checkout.cjs");
  let root = process.cwd();
  while (!fs.existsSync(path.join(root, loader))) {
    if (path.dirname(root) === root)
      throw new Error(loader + " is not in " + process.cwd() + " or above: run Pulumi in the checkout.");
    root = path.dirname(root);
  }
  return require(path.join(root, loader)).providerOf(${JSON.stringify(kind)});
};
`;
}

/** A dynamic resource whose provider is code of the checkout: `pulumi-nodejs:dynamic/<module>:<Kind>`. */
export abstract class CheckoutResource extends pulumi.CustomResource {
  protected constructor(
    module: string,
    kind: ProviderKind,
    name: string,
    props: Readonly<Record<string, unknown>>,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(`pulumi-nodejs:dynamic/${module}:${kind}`, name, { ...props, __provider: shim(kind) }, opts);
  }
}

/**
 * Pulumi's process for dynamic providers as a resource. Given to components as their provider, it lets the engine start
 * the process as soon as it is registered, not when the first resource needs it.
 */
export class DynamicProviders extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, {}, opts);
  }
}
