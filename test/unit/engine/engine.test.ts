import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { withLock } from "../../cloud/engine/lock";
import { words } from "../../cloud/engine/runtime-options";
import { atLeast } from "../../cloud/engine/versions";

test("nodeargs are split as a shell splits words", (t) => {
  t.deepEqual(words(`-r "a b" --x='c d' e`), ["-r", "a b", "--x=c d", "e"]);
  t.deepEqual(words(""), []);
});

test("versions are compared by number, not by text", (t) => {
  t.true(atLeast("v3.274.1", "3.200.0"));
  t.true(atLeast("3.200.0", "3.200.0"));
  t.false(atLeast("3.99.0", "3.200.0"));
  t.false(atLeast("2.300.0", "3.200.0"));
  t.true(atLeast("4.0.0-alpha.1", "3.200.0"));
});

const scratch = (): string => fs.mkdtempSync(path.join(os.tmpdir(), "failover-lab-lock-"));

test("of two makers one works at a time", async (t) => {
  const file = path.join(scratch(), "lock");
  let inside = 0;
  const work = async (): Promise<void> => {
    t.is(++inside, 1);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, () => undefined, work)));
  t.false(fs.existsSync(file));
});

test("the lock of a maker that was killed is taken over", async (t) => {
  const file = path.join(scratch(), "lock");
  const dead = spawnSync(process.execPath, ["-e", "0"]).pid;
  fs.writeFileSync(file, String(dead));
  t.is(
    await withLock(
      file,
      () => t.fail("nobody is there to wait for"),
      async () => "made",
    ),
    "made",
  );
});
