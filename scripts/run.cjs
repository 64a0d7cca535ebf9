"use strict";
/**
 * Entry of every command: works from a fresh clone, where nothing is installed yet, so it is plain JavaScript and uses
 * nothing but Node. It installs the packages when the lock file asks for it, then runs scripts/<command>.ts.
 * The command is bundled by esbuild when a file of it has changed: a failover would pay for every other way.
 */
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { isFresh } = require("../components/loader/bundles.cjs");

const root = path.resolve(__dirname, "..");
const [command, ...args] = process.argv.slice(2);

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

/** `npm ci` once per lock file; a stamp written last makes a half-finished installation start again. */
function installPackages() {
  const lock = fs.readFileSync(path.join(root, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  const stamp = path.join(root, "node_modules", ".failover-lab-lock");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === wanted) return;
  console.error("Installing the npm packages (once per lock file, about half a minute) …");
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (npm.error)
    fail(`npm could not be run (${npm.error.message}). It comes with Node: install Node 20.19 or later.`);
  if (npm.status !== 0)
    fail("npm ci failed, see above. Repair that, then run this again: it starts from where it stopped.");
  fs.writeFileSync(stamp, wanted);
}

function bundle() {
  const out = path.join(root, ".lab", "scripts", `${command}.cjs`);
  if (isFresh(root, out)) return out;
  const partial = `${out}.${process.pid}`;
  const { metafile } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: [`scripts/${command}.ts`],
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

checkNode();
if (!fs.existsSync(path.join(root, "scripts", `${command}.ts`)))
  fail(`There is no command '${command}' in scripts/.`);
installPackages();
process.chdir(root);
process.argv = [process.argv[0], `npm run ${command.replace("-", ":")} --`, ...args];
process.setSourceMapsEnabled(true);
require(bundle());
