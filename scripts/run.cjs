"use strict";
/**
 * Entry of every command: works from a fresh clone, where nothing is installed yet, so it is plain JavaScript and uses
 * nothing but Node. It installs the packages when those that are there are not the lock file's, then runs
 * scripts/<command>.ts, bundled by esbuild when a file of it has changed. A failover installs and bundles nothing: it runs
 * from the bundle that another command has made of the files as they are now, or else from TypeScript.
 */
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { isFresh, loadBundle } = require("../components/loader/bundles.cjs");
const { difference, missing } = require("./installed.cjs");

const root = path.resolve(__dirname, "..");
const [command, ...args] = process.argv.slice(2);
const isFailover = command === "failover";
/** Where a lab has been set up, and in a shell that is pointed at one, the command knows the lab's stack, too. */
const isPointedAtLab = ["ROOT", "DIR", "STACK"].some((name) => process.env[`FAILOVER_LAB_${name}`]);
const hasLab =
  fs.existsSync(path.join(root, "test", "cloud")) &&
  (isPointedAtLab || fs.existsSync(path.join(root, ".lab", "setup.json")));
const script = isFailover && hasLab ? "lab-failover" : command;

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

function checkPackages() {
  const [first] = missing(root);
  if (first !== undefined)
    fail(`The package ${first} is not installed. Install what the product needs: npm ci --omit=dev`);
}

function installPackages() {
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

/** Packages that a bundle does without, see components/loader/slow-packages.cjs; and compiled ones. */
const external = ["@npmcli/arborist", "typescript", "ts-node", "@swc/core", "esbuild", "*.node"];

/** @param whole whether the packages go into it, which then need not be searched for at its start */
function bundle(name, { whole = false } = {}) {
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
    ...(whole
      ? { external, minifySyntax: true, minifyWhitespace: true }
      : { packages: "external", sourcemap: "inline" }),
    metafile: true,
    logLevel: "error",
  });
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/"));
  fs.writeFileSync(`${out}.inputs.json`, JSON.stringify(own));
  fs.renameSync(partial, out);
  return out;
}

function run() {
  if (!isFailover) {
    bundle("lab-failover", { whole: true });
    return require(bundle(script));
  }
  require("../components/loader/slow-packages.cjs");
  if (isFresh(root, bundleOf(script))) return loadBundle(bundleOf(script), { endsItself: true });
  require("../components/loader/typescript.cjs");
  return require(path.join(root, "scripts", `${script}.ts`));
}

checkNode();
if (!/^[a-z-]+$/.test(command ?? "") || !fs.existsSync(path.join(root, "scripts", `${command}.ts`)))
  fail(`There is no command '${command}' in scripts/.`);
if (isFailover) checkPackages();
else installPackages();
process.chdir(root);
process.argv = [process.argv[0], `npm run ${command.replace("-", ":")} --`, ...args];
process.setSourceMapsEnabled(true);
run();
