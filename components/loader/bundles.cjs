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

/** The name of what V8 compiled from this very file. */
function compiledName(file) {
  const { mtimeMs, size } = fs.statSync(file);
  return [`${path.basename(file)}.`, `${process.version}-${process.arch}-${mtimeMs}-${size}`, ".v8"];
}

/** A file system that can't be written to, is full, or has just been tidied makes a start slower, and breaks nothing. */
const harmless = ["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOENT"];

/**
 * Keeps what was compiled, in place of what was compiled of an older version: files of this name, with whatever is
 * between its two parts. Written whole or not at all, because others start at the same time.
 */
function keep(folder, [before, version, after], content) {
  const target = `${before}${version}${after}`;
  const partial = path.join(folder, `${target}.${process.pid}`);
  try {
    fs.mkdirSync(folder, { recursive: true });
    for (const name of fs.readdirSync(folder))
      if (name !== target && name.startsWith(before) && name.endsWith(after))
        fs.rmSync(path.join(folder, name), { force: true });
    fs.writeFileSync(partial, content);
    fs.renameSync(partial, path.join(folder, target));
  } catch (error) {
    if (!harmless.includes(error.code)) throw error;
  }
}

/** What was kept, if it was; another start may be replacing it at this moment. */
function kept(folder, name) {
  try {
    return fs.readFileSync(path.join(folder, name.join("")));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * `require` of a bundle, from V8's compiled code if there is any: half of a start is compiling otherwise. What was
 * compiled is kept soon after the first start, when the functions of a start have been compiled too; of a program that
 * ends by itself at its end, with all that it has used.
 */
function loadBundle(file, { asMain = false, endsItself = false } = {}) {
  const folder = path.dirname(file);
  const name = compiledName(file);
  const cachedData = kept(folder, name);
  const script = new vm.Script(Module.wrap(fs.readFileSync(file, "utf8")), {
    filename: file,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (cachedData === undefined || script.cachedDataRejected) {
    const store = () => keep(folder, name, script.createCachedData());
    if (endsItself) process.once("exit", store);
    else setTimeout(store, 20).unref();
  }
  const module_ = new Module(file, null);
  module_.filename = file;
  module_.paths = Module._nodeModulePaths(folder);
  if (asMain) process.mainModule = module_;
  script.runInThisContext()(module_.exports, Module.createRequire(file), module_, file, folder);
  return module_.exports;
}

module.exports = { isFresh, keep, kept, loadBundle };
