import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { awaitMoves, journalFolder, type Move, movesUnderWay } from "../../../scripts/lib/moves-under-way";
import { patience } from "../../../scripts/lib/patience";

const running: Move = {
  pid: process.pid,
  kind: "OverlayIp",
  id: "one",
  label: "the overlay IP",
  to: "node2",
  startedAt: new Date().toISOString(),
  deadlineSeconds: 60,
  state: "running",
};

function withJournals(...texts: string[]): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "moves-"));
  fs.mkdirSync(journalFolder(root), { recursive: true });
  for (const [index, text] of texts.entries())
    fs.writeFileSync(path.join(journalFolder(root), `${index}.json`), text);
  return root;
}

const over: Readonly<Record<string, string>> = {
  "that is done": JSON.stringify({ ...running, state: "done" }),
  "whose process is gone": JSON.stringify({ ...running, pid: spawnSync("true").pid }),
  "whose time is over": JSON.stringify({ ...running, startedAt: Date.now() - 61_000 }),
  "that is being written": '{"pid": ',
};

for (const [what, text] of Object.entries(over))
  test(`a move ${what} is not waited for`, async (t) => {
    const root = withJournals(text);
    t.deepEqual(movesUnderWay(root), []);
    await awaitMoves(root, () => true, t.fail, patience("0"));
  });

test("no journals, no moves", (t) => {
  t.deepEqual(movesUnderWay(path.join(os.tmpdir(), "there-is-no-such-folder")), []);
});

test("a move that is under way is waited for until it is done, and named once", async (t) => {
  const root = withJournals(JSON.stringify(running));
  const told: string[] = [];
  await awaitMoves(
    root,
    ({ kind }) => kind === "OverlayIp",
    (line) => {
      told.push(line);
      fs.writeFileSync(
        path.join(journalFolder(root), "0.json"),
        JSON.stringify({ ...running, state: "done" }),
      );
    },
  );
  t.is(told.length, 1);
  t.regex(told[0] ?? "", /the overlay IP to node2/);
});

test("one of another service is not", async (t) => {
  await awaitMoves(withJournals(JSON.stringify(running)), ({ kind }) => kind === "ServiceName", t.fail);
  t.pass();
});

test("whoever does not want to wait that long is told what is under way", async (t) => {
  const root = withJournals(JSON.stringify(running));
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
