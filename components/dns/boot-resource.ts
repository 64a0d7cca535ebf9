import type * as nodeFs from "node:fs";
import type * as nodePath from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type * as boot from "./boot";

/* eslint-disable @typescript-eslint/no-require-imports -- Runs after serialisation, where only require is at hand. */

/** The code of the checkout that Pulumi runs in, not that of the update that stored this function in the state. */
function load(): typeof boot {
  const fs = require("node:fs") as typeof nodeFs;
  const path = require("node:path") as typeof nodePath;
  const inside = path.join("components", "dns", "boot.ts");
  let root = process.cwd();
  while (!fs.existsSync(path.join(root, inside))) {
    const parent = path.dirname(root);
    if (parent === root) throw new Error(`${inside} is not in ${process.cwd()} or above: run Pulumi there.`);
    root = parent;
  }
  require(path.join(root, "node_modules", "ts-node", "register", "transpile-only"));
  return require(path.join(root, inside)) as typeof boot;
}

const provider: pulumi.dynamic.ResourceProvider = {
  diff: async (_id, olds: boot.BootInputs, news: boot.BootInputs) => ({ changes: load().booted(olds, news) }),
  // Of a stack that is being built, nobody depends on yet.
  create: async (news: boot.BootInputs) => ({ id: news.name, outs: news }),
  update: async (_id, _olds, news: boot.BootInputs) => {
    await load().waitUntilUp(news);
    return { outs: news };
  },
};

type BootArgs = { [Key in keyof boot.BootInputs]: pulumi.Input<boot.BootInputs[Key]> };

/**
 * Done when the instance is up again after it was replaced or started anew. What depends on it is changed only then.
 * Status checks say that the system runs, not that it answers: a roll-out over SSH asks named itself.
 */
export class ForwarderBoot extends pulumi.dynamic.Resource {
  constructor(name: string, args: BootArgs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, { profile: undefined, ...args }, opts, "dns", "ForwarderBoot");
  }
}
