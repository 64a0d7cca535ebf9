"use strict";
/**
 * Bundles: programs as one JavaScript file each, because a failover pays for every file that Node has to find and to
 * compile. Plain JavaScript, and nothing but Node, since it runs before any loader for TypeScript.
 */
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

/** Whether a bundle is newer than the installed packages and than every file of ours that went into it. */
function isFresh(root, bundle) {
  const built = fs.statSync(bundle, { throwIfNoEntry: false });
  const inputs = `${bundle}.inputs.json`;
  if (built === undefined || !fs.existsSync(inputs)) return false;
  return ["package-lock.json", ...JSON.parse(fs.readFileSync(inputs, "utf8"))].every((file) => {
    const stat = fs.statSync(path.join(root, file), { throwIfNoEntry: false });
    return stat !== undefined && stat.mtimeMs < built.mtimeMs;
  });
}

/** Where the code that V8 compiled from this very file is kept. */
function cacheOf(file) {
  const { mtimeMs, size } = fs.statSync(file);
  return `${file}.${process.version}-${process.arch}-${mtimeMs}-${size}.v8`;
}

/** Written whole or not at all: others start from the same bundle at the same time. */
function keep(script, file, cache) {
  const stale = new RegExp(`^${path.basename(file).replaceAll(".", "\\.")}\\.v.*\\.v8$`);
  const folder = path.dirname(file);
  for (const name of fs.readdirSync(folder))
    if (stale.test(name)) fs.rmSync(path.join(folder, name), { force: true });
  fs.writeFileSync(`${cache}.${process.pid}`, script.createCachedData());
  fs.renameSync(`${cache}.${process.pid}`, cache);
}

/**
 * `require` of a bundle, from V8's compiled code if there is any: half of a start is compiling otherwise. What was
 * compiled is kept soon after the first start, when the functions of a start have been compiled too.
 */
function loadBundle(file, { asMain = false } = {}) {
  const cache = cacheOf(file);
  const cachedData = fs.existsSync(cache) ? fs.readFileSync(cache) : undefined;
  const script = new vm.Script(Module.wrap(fs.readFileSync(file, "utf8")), {
    filename: file,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected)
    setTimeout(keep, 20, script, file, cache).unref();
  const module_ = new Module(file, null);
  module_.filename = file;
  module_.paths = Module._nodeModulePaths(path.dirname(file));
  if (asMain) process.mainModule = module_;
  script.runInThisContext()(module_.exports, Module.createRequire(file), module_, file, path.dirname(file));
  return module_.exports;
}

module.exports = { isFresh, loadBundle };
