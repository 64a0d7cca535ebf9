"use strict";
/**
 * Preloaded: lets Pulumi's runner show an error at once. It prints errors by `util.inspect` with colours, which in Node 20
 * doesn't come to an end on a stack line whose file lies directly in a scope, such as `node_modules/@pulumi/resource.ts`:
 * it looks for the slash behind the package's name for ever, until 1.4 GB are full (lib/internal/util/inspect.js,
 * markNodeModules). The source maps of Pulumi's SDK name such files. Such errors are shown without colours.
 */
const util = require("node:util");

const { inspect } = util;
const endless = /[\\/]node_modules[\\/]@[^\\/\n]+[\\/][^\\/\n]*$/m;

function isEndless(value) {
  return value instanceof Error && (endless.test(value.stack) || isEndless(value.cause));
}

function quickInspect(value, options, ...rest) {
  const colourless = options?.colors === true && isEndless(value);
  return inspect(value, colourless ? { ...options, colors: false } : options, ...rest);
}

if (inspect.name !== quickInspect.name) util.inspect = Object.setPrototypeOf(quickInspect, inspect);
