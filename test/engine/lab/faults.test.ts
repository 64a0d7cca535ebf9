import test from "ava";
import { setTimeout as sleep } from "node:timers/promises";
import { alive } from "../../cloud/engine/lock";
import { overlayNode, overlayRoutes } from "./_aws";
import { TestLab } from "./_lab";
import { killAll } from "./_processes";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});
test.afterEach.always(async () => {
  if (lab.isUp) await lab.admin.clearFaults(); // the last test takes it down
});

async function oneTable(): Promise<string> {
  const [table] = Object.keys(await overlayRoutes(lab.ec2));
  if (table === undefined) throw new Error("no route table has the overlay route");
  return table;
}

test.serial("one of the tables denied for good: all tables are back on the old node", async (t) => {
  const match = { RouteTableId: await oneTable(), DryRun: "" };
  // The preflight's dry run is allowed, so that the move begins.
  await lab.admin.setFault({
    kind: "error",
    action: "ReplaceRoute",
    nth: 2,
    count: "unlimited",
    match: { RouteTableId: match.RouteTableId },
    code: "UnauthorizedOperation",
    status: 403,
  });
  const { code, stderr } = await lab.run("failover", "overlay", "node2");
  t.not(code, 0);
  t.regex(stderr, /UnauthorizedOperation/);
  await lab.admin.clearFaults();
  t.is(await overlayNode(lab.ec2), "node1");
});

test.serial("one reply lost after applying: the move is completed", async (t) => {
  await lab.admin.setFault({
    kind: "lost-reply",
    action: "ReplaceRoute",
    nth: 2,
    match: { RouteTableId: await oneTable() },
  });
  await lab.succeed("failover", "overlay", "node2");
  t.is(await overlayNode(lab.ec2), "node2");
  await lab.succeed("failover", "overlay", "node1");
});

test.serial(
  "a kill in the middle, then the same command again: it completes, and the state is sound",
  async (t) => {
    await lab.admin.setFault({
      kind: "delay",
      action: "ReplaceRoute",
      nth: 4,
      count: "unlimited",
      ms: 20_000,
    });
    const last = (await lab.admin.audit()).at(-1)?.n ?? 0;
    const { pid, ended } = lab.start("failover", "overlay", "node2");
    // The move has begun when a route has been written for real.
    for (;;) {
      const calls = await lab.admin.audit(last);
      if (calls.some(({ action, parameters }) => action === "ReplaceRoute" && parameters.DryRun !== "true"))
        break;
      await sleep(20);
    }
    killAll(pid);
    await ended;
    await lab.admin.clearFaults();
    const { stdout, stderr } = await lab.succeed("failover", "overlay", "node2");
    t.regex(stderr, /stale/);
    t.regex(stdout, /node2/);
    t.is(await overlayNode(lab.ec2), "node2");
    const preview = await lab.succeed("pulumi", "preview", "--expect-no-changes");
    t.notRegex(preview.stdout, /pending/);
  },
);

test.serial(
  "a fake AWS that died is said, with the way to start anew; nothing is rebuilt in silence",
  async (t) => {
    const { pid, motoPid } = lab.record;
    process.kill(pid, "SIGKILL");
    while (alive(pid) || alive(motoPid)) await sleep(20);
    for (const [command, ...args] of [
      ["failover", "overlay", "node1"],
      ["lab"],
      ["pulumi", "preview"],
      ["lab:env"],
    ] as const) {
      const { code, stderr } = await lab.run(command, ...args);
      t.not(code, 0, command);
      t.regex(stderr, /died[^]*npm run lab:down[^]*npm run lab/, command);
    }
    await lab.succeed("lab:down");
    t.regex((await lab.run("failover", "overlay", "node1")).stderr, /npm run lab/);
  },
);
