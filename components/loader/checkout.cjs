"use strict";
/**
 * The code behind the dynamic resources. What is stored in the stack's state is a shim that calls this, so that a refresh
 * or a destroy runs today's code, and not that of the update that made the resource.
 */
const path = require("node:path");
const { isFresh, loadBundle } = require("./bundles.cjs");

const root = path.resolve(__dirname, "..", "..");
let providers;

const bundleOf = (name) => path.join(root, ".lab", "bundles", `${name}.cjs`);

/** From the bundle, if the commands have made one of the files as they are now; else from TypeScript. */
function read() {
  const bundle = bundleOf("providers");
  if (isFresh(root, bundle)) return loadBundle(bundle);
  require("./typescript.cjs");
  return require("./providers.ts");
}

/** How the process that moves is started, likewise. */
function moverCommand() {
  const bundle = bundleOf("mover");
  const at = (...parts) => path.join(root, "components", ...parts);
  return isFresh(root, bundle)
    ? { root, nodeArgs: [], script: at("loader", "start.cjs"), args: [bundle] }
    : {
        root,
        nodeArgs: ["-r", at("loader", "typescript.cjs")],
        script: at("failover", "mover", "main.ts"),
        args: [],
      };
}

exports.providerOf = (kind) => (providers ??= read()).providerOf(kind, moverCommand());
