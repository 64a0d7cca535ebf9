import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { difference, missing } from "../../../scripts/installed.cjs";

type Packages = Readonly<Record<string, object>>;

const one = { "node_modules/one": { version: "1.0.0", integrity: "sha512-a" } };
const forMac = { "node_modules/for-mac": { version: "1.0.0", integrity: "sha512-b", optional: true } };

/** A checkout with this lock file, and with these packages installed by npm. */
function checkout(wanted: Packages, there: Packages | undefined): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "installed-"));
  const write = (file: string, content: object): void => {
    fs.writeFileSync(path.join(root, file), JSON.stringify(content));
  };
  write("package.json", { dependencies: { one: "1.0.0" } });
  write("package-lock.json", { packages: { "": {}, ...wanted } });
  fs.mkdirSync(path.join(root, "node_modules", "one"), { recursive: true });
  if (there !== undefined) write("node_modules/.package-lock.json", { packages: there });
  return root;
}

const cases: Readonly<Record<string, readonly [Packages, Packages | undefined, string | undefined]>> = {
  "the same": [one, one, undefined],
  "the same, whatever else npm notes": [
    one,
    { "node_modules/one": { ...one["node_modules/one"], bin: {} } },
    undefined,
  ],
  "what is for other platforms is left out": [{ ...one, ...forMac }, one, undefined],
  "nothing was installed, or not to its end": [one, undefined, "node_modules"],
  "one is missing": [one, {}, "node_modules/one"],
  "one is older": [
    one,
    { "node_modules/one": { version: "0.9.0", integrity: "sha512-a" } },
    "node_modules/one",
  ],
  "one has another content": [
    one,
    { "node_modules/one": { version: "1.0.0", integrity: "sha512-c" } },
    "node_modules/one",
  ],
  "one is too many": [one, { ...one, "node_modules/two": { version: "1.0.0" } }, "node_modules/two"],
};

for (const [what, [wanted, there, differs]] of Object.entries(cases))
  test(`packages: ${what}`, (t) => {
    t.is(difference(checkout(wanted, there)), differs);
  });

test("a product's package that is there in any version is not missing", (t) => {
  const root = checkout(one, {});
  t.deepEqual(missing(root), ["one"]);
  fs.writeFileSync(path.join(root, "node_modules", "one", "package.json"), "{}");
  t.deepEqual(missing(root), []);
});

/** The files of the checkout that git knows, with its packages, and an npm that fails whoever calls it. */
function clone(): { root: string; env: NodeJS.ProcessEnv } {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "clone-"));
  const { stdout } = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const file of stdout
    .split("\0")
    .filter((name) => /^(scripts|stacks|components|test\/cloud)\/|^[^/]+$/.test(name))) {
    if (!fs.existsSync(file)) continue;
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.copyFileSync(file, path.join(root, file));
  }
  fs.symlinkSync(path.resolve("node_modules"), path.join(root, "node_modules"));
  const bin = path.join(root, "bin");
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, "npm"), "#!/bin/sh\necho npm was called >&2\nexit 9\n", { mode: 0o755 });
  return { root, env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` } };
}

test("after npm ci no command installs anything", (t) => {
  const { root, env } = clone();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.cjs", "lab-env", "--help"], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  t.is(status, 0, stderr);
  t.regex(stdout, /lab:env/);
});

test("a failover needs neither an installation, nor a bundle, nor development packages", (t) => {
  const { root, env } = clone();
  // Newer than what is installed, as after a git pull.
  const lock = path.join(root, "package-lock.json");
  fs.writeFileSync(lock, fs.readFileSync(lock, "utf8").replace('"version": "14.0.3"', '"version": "14.0.4"'));
  // Packages of the product alone, as after `npm ci --omit=dev`.
  fs.rmSync(path.join(root, "node_modules"));
  fs.mkdirSync(path.join(root, "node_modules"));
  const recorded = JSON.parse(fs.readFileSync("node_modules/.package-lock.json", "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  for (const [name, { dev }] of Object.entries(recorded.packages)) {
    if (dev === true || name.indexOf("node_modules", 1) > 0) continue;
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.symlinkSync(path.resolve(name), path.join(root, name));
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--preserve-symlinks", "scripts/run.cjs", "failover", "overlay", "node2"],
    { cwd: root, env: { ...env, PULUMI_STACK: "nowhere", FAILOVER_LAB_WAIT: "soon" }, encoding: "utf8" },
  );
  // It got as far as its own judgement of what it was asked for.
  t.not(status, 0);
  t.regex(stderr + stdout, /no time to wait|no Pulumi CLI|Stack nowhere/);
  t.notRegex(stderr, /npm was called/);
  t.false(fs.existsSync(path.join(root, ".lab", "scripts")));
});
