"use strict";
/** Whether the packages that are installed are those of the lock file, whoever has installed them. Nothing but Node. */
const fs = require("node:fs");
const path = require("node:path");

const json = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

/** What npm itself has written down of what it has installed; undefined without any (whole) installation. */
function installed(root) {
  const file = path.join(root, "node_modules", ".package-lock.json");
  return fs.existsSync(file) ? json(file).packages : undefined;
}

/**
 * Compares `package-lock.json` with npm's own record, by version and checksum. A package for other platforms only is
 * optional, and not installed.
 * @returns the first package that differs, or undefined
 */
function difference(root) {
  const there = installed(root);
  if (there === undefined) return "node_modules";
  const wanted = json(path.join(root, "package-lock.json")).packages;
  delete wanted[""]; // the project itself
  const same = (name) =>
    there[name].version === wanted[name].version && there[name].integrity === wanted[name].integrity;
  return (
    Object.keys(wanted).find((name) => (there[name] === undefined ? !wanted[name].optional : !same(name))) ??
    Object.keys(there).find((name) => wanted[name] === undefined)
  );
}

/** The packages that the product itself needs, and that are not there in any version. */
function missing(root) {
  return Object.keys(json(path.join(root, "package.json")).dependencies).filter(
    (name) => !fs.existsSync(path.join(root, "node_modules", name, "package.json")),
  );
}

module.exports = { difference, missing };
