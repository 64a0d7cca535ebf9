import test from "ava";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { claimState, lockFolder } from "../../../scripts/lib/locks";
import { patience } from "../../../scripts/lib/patience";
import { stateFile } from "../../../scripts/lib/state";
import type { Lab } from "../../cloud/lab";

/** A lab's folder with these files in the place where the engine keeps its locks. */
function withLocks(files: Readonly<Record<string, string>>): { lab: Lab; names: () => string[] } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "locks-"));
  const lab = { root: directory, directory, stack: "s", cacheDir: directory };
  const folder = lockFolder(lab);
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return { lab, names: () => fs.readdirSync(folder) };
}

const gone = spawnSync("true").pid;
const lock = (pid: number, hostname: string): string =>
  JSON.stringify({ pid, username: "ci", hostname, timestamp: "2026-01-02T03:04:05Z" });

const held: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  "of another host": [lock(1, "runner-abc"), /ci@runner-abc \(process 1, since 2026-01-02T03:04:05Z\)/],
  "of another host, whose process id is nobody's here": [lock(gone, "runner-abc"), /ci@runner-abc/],
  "that holds null": ["null", /does not name \(a\.json, since \d{4}-/],
  "that is broken": ['{"pid": 1, "hostn', /does not name/],
  "that is empty": ["", /does not name/],
  "that holds a number": ["7", /does not name/],
  "that holds a list": ["[]", /does not name/],
  "whose process is a text": [JSON.stringify({ pid: "1", hostname: os.hostname() }), /does not name/],
};

for (const [what, [text, says]] of Object.entries(held))
  test(`a lock ${what} is waited for, within the bound; whose it is and the way past it are said`, async (t) => {
    const { lab, names } = withLocks({ "a.json": text, "a.json.attrs": "{}" });
    const told: string[] = [];
    const error = await t.throwsAsync(claimState(lab, patience("0.3"), (line) => told.push(line)));
    t.is(told.length, 1);
    for (const line of [told[0] ?? "", error?.message ?? ""]) {
      t.regex(line, says);
      t.regex(line, /npm run pulumi -- cancel --yes/);
    }
    t.deepEqual(names(), ["a.json", "a.json.attrs"], "nobody's lock is taken away");
  });

test("a lock that is given up in time ends the wait", async (t) => {
  const { lab } = withLocks({ "a.json": lock(1, "runner-abc") });
  const claimed = claimState(lab, patience("30"), () => {
    fs.rmSync(path.join(lockFolder(lab), "a.json"));
  });
  t.false(await claimed);
});

test("a lock whose process on this host is gone is removed, with what lies beside it", async (t) => {
  const { lab, names } = withLocks({ "a.json": lock(gone, os.hostname()), "a.json.attrs": "{}" });
  t.true(await claimState(lab, patience("0"), () => undefined));
  t.deepEqual(names(), []);
});

test("so is one whose process id another program has got since", async (t) => {
  const child = spawn("sleep", ["60"]);
  const { lab, names } = withLocks({ "a.json": lock(child.pid ?? 0, os.hostname()) });
  t.true(await claimState(lab, patience("0"), () => undefined));
  t.deepEqual(names(), []);
  child.kill();
});

test("attributes of the state that a kill has left half-written are removed, whole ones stay", async (t) => {
  for (const [text, stays] of [
    ["", false],
    ['{"user.cache', false],
    ['{"md5": "x"}', true],
  ] as const) {
    const { lab } = withLocks({ "a.json": lock(gone, os.hostname()) });
    const file = `${stateFile(lab)}.attrs`;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    await claimState(lab, patience("0"), () => undefined);
    t.is(fs.existsSync(file), stays, text);
  }
});

test("attributes that were left alone are no lock", async (t) => {
  const { lab } = withLocks({ "a.json.attrs": "{}" });
  t.false(await claimState(lab, patience("0"), t.fail));
});
