import test from "ava";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as path from "node:path";
import { patience } from "../../../scripts/lib/patience";
import { takeTurn } from "../../../scripts/lib/turn";

const place = (): string => randomBytes(8).toString("hex");
const silent = (): void => undefined;

/** A process of its own that takes the turn, and says so. */
async function holder(where: string): Promise<{ pid: number; end: () => void }> {
  const program = `
    require("ts-node/register/transpile-only");
    const { takeTurn } = require(${JSON.stringify(path.resolve("scripts/lib/turn.ts"))});
    takeTurn(${JSON.stringify(where)}, "failover overlay node2", { seconds: 9, left: () => 9000 }, console.error)
      .then(() => { console.log("has it"); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  if (child.pid === undefined) throw new Error("no process");
  return { pid: child.pid, end: () => child.kill("SIGKILL") };
}

test("many take turns, and never two at once", async (t) => {
  const where = place();
  let inside = 0;
  const order: number[] = [];
  const work = async (name: number): Promise<void> => {
    const turn = await takeTurn(where, `command ${name}`, patience("30"), silent);
    t.is(++inside, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
    order.push(name);
    turn.end();
  };
  await Promise.all(Array.from({ length: 20 }, (_, name) => work(name)));
  t.is(order.length, 20);
});

test("whoever waits is told for whom and since when, and goes on when the holder is killed", async (t) => {
  const where = place();
  const { pid, end } = await holder(where);
  t.teardown(end);
  const told: string[] = [];
  const turn = await takeTurn(where, "failover dns node2", patience("30"), (line) => {
    told.push(line);
    if (line.includes("failover")) end();
  });
  t.regex(told.at(-1) ?? "", new RegExp(`failover overlay node2.*process ${pid}, since \\d{4}-`));
  turn.end();
});

test("the wait has an end, which names the holder and changes nothing", async (t) => {
  const where = place();
  const { pid, end } = await holder(where);
  t.teardown(end);
  const error = await t.throwsAsync(takeTurn(where, "failover dns node2", patience("8"), silent));
  t.regex(
    error?.message ?? "",
    new RegExp(`process ${pid}, since [^]*nothing was done[^]*FAILOVER_LAB_WAIT`),
  );
});

test("a look that comes too late for an answer does not take the holder's name away", async (t) => {
  const where = place();
  const { pid, end } = await holder(where);
  t.teardown(end);
  // Time is over after the first look, but for the moment by which a timer may be early; nobody answers in it.
  const started = performance.now();
  let early = true;
  const left = (): number => {
    const ms = 1500 - (performance.now() - started);
    if (ms > 0 || !early) return ms;
    early = false;
    return 0.1;
  };
  const suspend = (): void => {
    process.kill(pid, "SIGSTOP");
  };
  const error = await t.throwsAsync(takeTurn(where, "failover dns node2", { seconds: 1.5, left }, suspend));
  t.regex(error?.message ?? "", new RegExp(`process ${pid}, since`));
});

test("a suspended holder is waited for just as long", async (t) => {
  const where = place();
  const { pid, end } = await holder(where);
  t.teardown(end);
  process.kill(pid, "SIGSTOP");
  const error = await t.throwsAsync(takeTurn(where, "lab", patience("3"), silent));
  t.regex(error?.message ?? "", /suspended/);
});

test("two stacks do not wait for each other", async (t) => {
  const turns = await Promise.all(
    [place(), place()].map((where) => takeTurn(where, "lab", patience("5"), t.fail)),
  );
  for (const turn of turns) turn.end();
  t.pass();
});

for (const wrong of ["", "soon", "-1", "NaN"])
  test(`${JSON.stringify(wrong)} is no time to wait`, (t) => {
    t.throws(() => patience(wrong), { message: /FAILOVER_LAB_WAIT/ });
  });
