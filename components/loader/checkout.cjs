"use strict";
/**
 * The code behind the dynamic resources. What is stored in the stack's state is a shim that calls this, so that a refresh
 * or a destroy runs today's code, and not that of the update that made the resource.
 */
const path = require("node:path");
const { isFresh, loadBundle } = require("./bundles.cjs");

const root = path.resolve(__dirname, "..", "..");
let providers;

/** From the bundle, if the commands have made one of the files as they are now; else from TypeScript. */
function read() {
  const bundle = path.join(root, ".lab", "bundles", "providers.cjs");
  if (isFresh(root, bundle)) return loadBundle(bundle);
  require("./typescript.cjs");
  return require("./providers.ts");
}

exports.providerOf = (kind) => (providers ??= read()).providerOf(kind);
