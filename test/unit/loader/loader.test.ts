/** Programs start faster from what was compiled before, and never from what is out of date. */
import { execFile, execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { isFresh } from "../../../components/loader/bundles.cjs";
import { shim } from "../../../components/loader/checkout-resource";
import { projectRoot } from "../../cloud/lab";

const root = projectRoot();
const loader = (file: string): string => path.join(root, "components", "loader", file);

function folder(t: { teardown(work: () => void): void }): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "loader-"));
  t.teardown(() => fs.rmSync(made, { recursive: true }));
  return made;
}

/** What a Node process prints. */
function node(args: readonly string[], cwd = root): string {
  return execFileSync(process.execPath, args, { cwd, encoding: "utf8" }).trim();
}

/** A checkout with its own loader, as far as the loader needs one. */
function checkout(t: { teardown(work: () => void): void }): string {
  const made = folder(t);
  fs.cpSync(path.join(root, "components", "loader"), path.join(made, "components", "loader"), {
    recursive: true,
  });
  for (const file of ["package-lock.json", "tsconfig.json"])
    fs.copyFileSync(path.join(root, file), path.join(made, file));
  fs.symlinkSync(path.join(root, "node_modules"), path.join(made, "node_modules"));
  return made;
}

test("a bundle runs the same from V8's compiled code, and a changed bundle is compiled anew", (t) => {
  const bundle = path.join(folder(t), "one.cjs");
  const run = (): string => node([loader("start.cjs"), bundle, "a", "b"]);
  const write = (word: string): void =>
    fs.writeFileSync(
      bundle,
      `setTimeout(() => console.log("${word}", require.main === module, process.argv.slice(2).join()), 200);`,
    );
  const kept = (): string[] => fs.readdirSync(path.dirname(bundle)).filter((name) => name.endsWith(".v8"));
  write("first");
  t.deepEqual([run(), kept().length], ["first true a,b", 1]);
  const [before] = kept();
  t.deepEqual([run(), kept()], ["first true a,b", [before]]);
  write("other");
  t.is(run(), "other true a,b");
  t.is(kept().length, 1, "the old one is removed");
  t.not(kept()[0], before);
});

test("compiled code that is damaged is compiled anew", (t) => {
  const bundle = path.join(folder(t), "one.cjs");
  fs.writeFileSync(bundle, "setTimeout(() => console.log(6 * 7), 200);");
  node([loader("start.cjs"), bundle]);
  const [kept] = fs.readdirSync(path.dirname(bundle)).filter((name) => name.endsWith(".v8"));
  fs.writeFileSync(path.join(path.dirname(bundle), kept ?? ""), "not code");
  t.is(node([loader("start.cjs"), bundle]), "42");
});

test("a bundle is fresh until one of its files, or the lock file, is newer or gone", (t) => {
  const home = folder(t);
  const at = (name: string): string => path.join(home, name);
  for (const name of ["package-lock.json", "a.ts", "b.ts"]) fs.writeFileSync(at(name), "");
  t.false(isFresh(home, at("out.cjs")), "there is none");
  fs.writeFileSync(at("out.cjs"), "");
  fs.writeFileSync(at("out.cjs.inputs.json"), JSON.stringify(["a.ts", "b.ts"]));
  const touch = (name: string, seconds: number): void => {
    const time = Date.now() / 1000 + seconds;
    fs.utimesSync(at(name), time, time);
  };
  touch("out.cjs", 10);
  t.true(isFresh(home, at("out.cjs")));
  for (const name of ["package-lock.json", "b.ts"]) {
    touch(name, 20);
    t.false(isFresh(home, at("out.cjs")), name);
    touch(name, 0);
  }
  t.true(isFresh(home, at("out.cjs")));
  fs.rmSync(at("a.ts"));
  t.false(isFresh(home, at("out.cjs")), "a file is gone");
});

test("TypeScript is compiled once, and again when it changes", (t) => {
  const home = checkout(t);
  const source = path.join(home, "program.ts");
  const run = (): string => node(["-r", "./components/loader/typescript.cjs", source], home);
  const kept = (): string[] => fs.readdirSync(path.join(home, ".lab", "transpiled"));
  fs.writeFileSync(source, 'const word: string = "one"; console.log(word, "typescript" in require.cache);');
  t.is(run(), "one false");
  t.regex(kept().join(), /^program\.ts\.[0-9a-f]{64}\.js$/);
  fs.writeFileSync(path.join(home, ".lab", "transpiled", kept()[0] ?? ""), 'console.log("what was kept")');
  t.is(run(), "what was kept");
  fs.writeFileSync(source, 'const word: string = "two"; console.log(word);');
  t.is(run(), "two");
  t.is(kept().length, 1, "what was kept of the old one is removed");
});

test("programs that start at the same time do not get into each other's way", async (t) => {
  const home = checkout(t);
  const source = path.join(home, "program.ts");
  const run = promisify(execFile);
  for (const word of ["one", "two"]) {
    fs.writeFileSync(source, `const word: string = "${word}"; console.log(word);`);
    const started = Array.from({ length: 6 }, () =>
      run(process.execPath, ["-r", "./components/loader/typescript.cjs", source], { cwd: home }),
    );
    const said = (await Promise.all(started)).map(({ stdout }) => stdout.trim());
    t.deepEqual([...new Set(said)], [word]);
  }
  t.is(fs.readdirSync(path.join(home, ".lab", "transpiled")).length, 1, "nothing half is left");
});

test("errors name the lines of the source, compiled now or before", (t) => {
  const home = checkout(t);
  const source = path.join(home, "program.ts");
  fs.writeFileSync(
    source,
    'interface A {\n  a: string;\n}\n\nfunction fail(a: A): never {\n  throw new Error(a.a);\n}\nfail({ a: "x" });\n',
  );
  for (const when of ["now", "before"]) {
    const { stderr } = spawnSync(process.execPath, ["-r", "./components/loader/typescript.cjs", source], {
      cwd: home,
      encoding: "utf8",
    });
    t.regex(stderr, /at fail \(.*program\.ts:6:9\)/);
    t.regex(stderr, /program\.ts:8:1/, when);
  }
});

test("a checkout that can't be written to still runs", (t) => {
  const home = checkout(t);
  const source = path.join(home, "program.ts");
  fs.writeFileSync(source, 'const word: string = "one"; console.log(word);');
  // Root may write anywhere: a file system refuses it only by what the call says.
  fs.writeFileSync(
    path.join(home, "read-only.cjs"),
    'require("node:fs").mkdirSync = () => { throw Object.assign(new Error("read-only"), { code: "EROFS" }); };',
  );
  t.is(node(["-r", "./read-only.cjs", "-r", "./components/loader/typescript.cjs", source], home), "one");
  t.false(fs.existsSync(path.join(home, ".lab")));
});

test("packages that are hardly used are read when they are used, and not before", (t) => {
  const script = `
    const loaded = () => Object.keys(require.cache).filter((file) => /node_modules.(@npmcli.arborist|typescript)./.test(file)).length;
    require("@pulumi/pulumi");
    const before = loaded();
    const arborist = require("@npmcli/arborist");
    const made = new arborist.Arborist({ path: "." });
    const ts = require("typescript");
    console.log(before, loaded() > 0, made.path === process.cwd(), ts.SyntaxKind[ts.SyntaxKind.ArrowFunction], "version" in ts, Object.keys(ts).length > 1000);`;
  t.is(node(["-r", loader("slow-packages.cjs"), "-e", script]), "0 true true ArrowFunction true true");
});

test("functions are still turned into text, for programs with providers or Lambdas of their own", (t) => {
  const script = `
    const pulumi = require("@pulumi/pulumi");
    const seven = 7;
    pulumi.runtime.serializeFunction((x) => x * seven).then(({ text }) => console.log(/seven = 7|7/.test(text), text.includes("exports.handler")));`;
  t.is(node(["-r", loader("slow-packages.cjs"), "-e", script]), "true true");
});

test("the shim in the state finds the checkout from the program's folder, bundled or not", (t) => {
  const text = shim("OverlayIp");
  const run = (cwd: string): string =>
    spawnSync(process.execPath, ["-e", `${text}; console.log(Object.keys(exports.handler()).join())`], {
      cwd,
      encoding: "utf8",
    }).stdout.trim();
  t.is(run(path.join(root, "stacks")), "check,diff,create,read,update,delete");
  const bare = checkout(t);
  for (const folder of ["dns", "failover", "network", "nodes"])
    fs.cpSync(path.join(root, "components", folder), path.join(bare, "components", folder), {
      recursive: true,
    });
  t.is(run(path.join(bare, "components")), "check,diff,create,read,update,delete");
});

test("outside a checkout the shim says what to do", (t) => {
  const { stderr } = spawnSync(process.execPath, ["-e", `${shim("ForwarderBoot")}; exports.handler()`], {
    cwd: folder(t),
    encoding: "utf8",
  });
  t.regex(stderr, /components.loader.checkout\.cjs is not in .* or above: run Pulumi in the checkout/);
});
