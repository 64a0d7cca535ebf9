/**
 * The dynamic provider that is stored in the stack's state. It is a shim: it finds the checkout's own code when it is
 * called, so that a refresh or a destroy runs today's moves and not those of the last update, and so that a program
 * start has next to nothing to serialise.
 */
import type * as nodeFs from "node:fs";
import type * as nodePath from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type * as handlers from "./handlers";
import type { Kind, ServiceInputs } from "./service";

/* eslint-disable @typescript-eslint/no-require-imports -- Runs after serialisation, where only require is at hand. */

/** Runs in the provider's process, whose working directory is the program's folder. */
function loadHandlers(kind: Kind): handlers.Handlers {
  const fs = require("node:fs") as typeof nodeFs;
  const path = require("node:path") as typeof nodePath;
  const inside = path.join("components", "failover", "handlers.ts");
  let root = process.cwd();
  while (!fs.existsSync(path.join(root, inside))) {
    const parent = path.dirname(root);
    if (parent === root) {
      throw new Error(
        `The failover's code, ${inside}, is not in ${process.cwd()} or above: run Pulumi in the checkout.`,
      );
    }
    root = parent;
  }
  require(path.join(root, "node_modules", "ts-node", "register", "transpile-only"));
  return (require(path.join(root, inside)) as typeof handlers).handlersOf(kind);
}

export function failoverProvider(kind: Kind): pulumi.dynamic.ResourceProvider {
  return {
    check: (olds: ServiceInputs, news: ServiceInputs) =>
      loadHandlers(kind).check(olds as never, news as never),
    diff: async (id: string, olds, news) => loadHandlers(kind).diff(id, olds as never, news as never),
    create: (news) => loadHandlers(kind).create(news as never),
    read: async (id: string, state) => await loadHandlers(kind).read(id, state as never),
    update: (id: string, olds, news) => loadHandlers(kind).update(id, olds as never, news as never),
    delete: (id: string, state) => loadHandlers(kind).delete(id, state as never),
  };
}
