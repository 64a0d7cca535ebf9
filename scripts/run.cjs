"use strict";
/**
 * Entry of every command: works from a fresh clone, where nothing is installed yet, so it is plain JavaScript and uses
 * nothing but Node. It installs the packages when those that are there are not the lock file's, then runs
 * scripts/<command>.ts, bundled by esbuild when a file of it has changed. A failover neither waits for an installation
 * nor for a bundle that it can do without.
 */
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { isFresh } = require("../components/loader/bundles.cjs");
const { difference, missing } = require("./installed.cjs");

const root = path.resolve(__dirname, "..");
const [command, ...args] = process.argv.slice(2);
const isUrgent = command === "failover";

function fail(message) {
  console.error(message);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(
      `Node ${process.versions.node} is too old: 20.19 or later is needed. Install it, then run this again.`,
    );
  }
}

function installPackages() {
  if (isUrgent && missing(root).length === 0) return;
  if (difference(root) === undefined) return;
  console.error("Installing the npm packages (once per lock file, about half a minute) …");
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (npm.error)
    fail(`npm could not be run (${npm.error.message}). It comes with Node: install Node 20.19 or later.`);
  if (npm.status !== 0)
    fail("npm ci failed, see above. Repair that, then run this again: it starts from where it stopped.");
}

const bundleOf = (name) => path.join(root, ".lab", "scripts", `${name}.cjs`);

function bundle(name) {
  const out = bundleOf(name);
  if (isFresh(root, out)) return out;
  const partial = `${out}.${process.pid}`;
  const { metafile } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: [`scripts/${name}.ts`],
    outfile: partial,
    bundle: true,
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    metafile: true,
    logLevel: "error",
  });
  fs.writeFileSync(`${out}.inputs.json`, JSON.stringify(Object.keys(metafile.inputs)));
  fs.renameSync(partial, out);
  return out;
}

/** From the bundle that another command has made, or else from TypeScript as it is. */
function load() {
  if (!isUrgent) {
    bundle("failover");
    return bundle(command);
  }
  if (isFresh(root, bundleOf(command))) return bundleOf(command);
  require("../components/loader/typescript.cjs");
  return path.join(root, "scripts", `${command}.ts`);
}

checkNode();
if (!/^[a-z-]+$/.test(command ?? "") || !fs.existsSync(path.join(root, "scripts", `${command}.ts`)))
  fail(`There is no command '${command}' in scripts/.`);
installPackages();
process.chdir(root);
process.argv = [process.argv[0], `npm run ${command.replace("-", ":")} --`, ...args];
process.setSourceMapsEnabled(true);
require(load());
