"use strict";
/**
 * Preloaded (`node -r`): TypeScript by ts-node, whose output is kept. ts-node reads the whole compiler at its start and
 * compiles every file anew each time; that is a third of a program's start. What is kept is found by the source's own
 * content, so that it can't be stale.
 */
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { keep, kept } = require("./bundles.cjs");
require("./quick-errors.cjs");

const root = path.resolve(__dirname, "..", "..");
const folder = path.join(root, ".lab", "transpiled");
// Whatever changes the compilers or their options changes one of these.
const [lock, options] = ["package-lock.json", "tsconfig.json"].map((file) =>
  fs.readFileSync(path.join(root, file)),
);
const compilers = createHash("sha256").update(lock).update(options).digest();

let service;
/** What was loaded, by its source. */
const outputs = new Map();

function transpiled(file) {
  const source = fs.readFileSync(file, "utf8");
  const key = createHash("sha256").update(compilers).update(file).update(source).digest("hex");
  const name = [`${path.relative(root, file).replaceAll(path.sep, "-")}.`, key, ".js"];
  const before = kept(folder, name);
  if (before !== undefined) return before.toString();
  service ??= require("ts-node").create({ transpileOnly: true, cwd: root });
  const output = service.compile(source, file);
  keep(folder, name, output);
  return output;
}

/** The map at the end of what ts-node writes, so that errors name lines of the source. Pulumi's runner maps them. */
function mapOf(file) {
  const url = /\/\/# sourceMappingURL=data:[^,]+,(.+)\s*$/.exec(outputs.get(file) ?? "")?.[1];
  return url === undefined ? null : { url: file, map: Buffer.from(url, "base64").toString() };
}

const pulumi = path.join(root, "node_modules", "@pulumi", "pulumi", "package.json");
Module.createRequire(pulumi)("source-map-support").install({ retrieveSourceMap: mapOf });

// Pulumi takes a stack trace for each of its thousand promises, in case that one is never settled; mapping these to lines
// of the source would be a tenth of a preview. They are printed only if this variable asks for them.
const mapped = Error.prepareStackTrace;
const unmapped = process.env.PULUMI_DEBUG_PROMISE_LEAKS ? undefined : "debuggablePromise";
Error.prepareStackTrace = (error, frames) =>
  frames[0] !== undefined && frames[0].getFunctionName() === unmapped
    ? String(error)
    : withRealPaths(String(mapped(error, frames)));

/**
 * The SDK's source maps name its files a folder too high: node_modules/@pulumi/resource.ts. On such a path, where no package
 * follows the scope, Node 20's `util.inspect` with colours (`markNodeModules`) loops until its memory is used up; and
 * Pulumi's runner inspects every error of a program.
 */
function withRealPaths(stack) {
  return stack.replace(/(node_modules[\\/]@pulumi[\\/])(?=[^\\/\s]+$)/gm, "$1pulumi/");
}

Module._extensions[".ts"] = (module_, file) => {
  const output = transpiled(file);
  outputs.set(file, output);
  module_._compile(output, file);
};
