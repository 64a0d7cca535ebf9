import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  journalFolder,
  type MoveRecord,
  readRecords,
  writeRecord,
} from "../../../components/failover/mover/journal";
import { awaitMoves } from "../../../scripts/lib/moves-under-way";
import { patience } from "../../../scripts/lib/patience";

const running: MoveRecord = {
  pid: process.pid,
  kind: "OverlayIp",
  id: "one",
  label: "the overlay IP",
  to: "node2",
  startedAt: new Date().toISOString(),
  deadlineSeconds: 60,
  state: "running",
};

function withRecord(record: MoveRecord): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "moves-"));
  writeRecord(root, record);
  return root;
}

const over: Readonly<Record<string, Partial<MoveRecord>>> = {
  "whose process is gone": { pid: spawnSync("true").pid },
  "whose time is over": { startedAt: new Date(Date.now() - 61_000).toISOString() },
};

for (const [what, change] of Object.entries(over))
  test(`a move ${what} is not waited for`, async (t) => {
    await awaitMoves(withRecord({ ...running, ...change }), () => true, t.fail, patience("0"));
    t.pass();
  });

test("a file that is no record, and no folder at all, keep nobody waiting", async (t) => {
  const root = withRecord({ ...running, state: "done" });
  for (const name of fs.readdirSync(journalFolder(root)))
    fs.writeFileSync(path.join(journalFolder(root), name), '{"pid": ');
  await awaitMoves(root, () => true, t.fail, patience("0"));
  await awaitMoves(path.join(os.tmpdir(), "there-is-no-such-folder"), () => true, t.fail);
  t.pass();
});

test("what came of a move that outlived its update is told once", async (t) => {
  const root = withRecord({ ...running, state: "done", outcome: "mixed", message: "rtb-1: nothing" });
  const told: string[] = [];
  const tell = (line: string): number => told.push(line);
  await awaitMoves(root, ({ kind }) => kind === "ServiceName", tell);
  await awaitMoves(root, ({ kind }) => kind === "OverlayIp", tell);
  await awaitMoves(root, ({ kind }) => kind === "OverlayIp", tell);
  t.is(told.length, 1);
  t.regex(
    told[0] ?? "",
    /the overlay IP to node2, whose update was ended[^]*left half done\.\nrtb-1: nothing/,
  );
});

test("a move that is under way is waited for until it is done, and named", async (t) => {
  const root = withRecord(running);
  const told: string[] = [];
  await awaitMoves(
    root,
    ({ kind }) => kind === "OverlayIp",
    (line) => {
      told.push(line);
      writeRecord(root, { ...running, state: "done", outcome: "moved" });
    },
  );
  t.regex(told[0] ?? "", /the overlay IP to node2.*waiting for its end/);
  t.regex(told[1] ?? "", /it was moved/);
  t.deepEqual(readRecords(root), []);
});

test("one of another service is not", async (t) => {
  await awaitMoves(withRecord(running), ({ kind }) => kind === "ServiceName", t.fail);
  t.pass();
});

test("whoever does not want to wait that long is told what is under way", async (t) => {
  const root = withRecord(running);
  const error = await t.throwsAsync(
    awaitMoves(
      root,
      () => true,
      () => undefined,
      patience("0"),
    ),
  );
  t.regex(error?.message ?? "", /still under way \(process \d+[^]*nothing was done/);
});
