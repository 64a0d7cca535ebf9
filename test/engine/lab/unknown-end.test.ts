/** A part of the update is killed in mid-move: what has become of the service is looked up, and the choice stays. */
import test from "ava";
import { setTimeout as sleep } from "node:timers/promises";
import { TestLab } from "./_lab";
import { killAll, partOf } from "./_processes";
import { agreed, type ServiceName, serviceFacts, whereIs } from "./_services";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});
test.afterEach.always(async () => {
  await lab.admin.clearFaults();
});

/** Starts a failover, and returns when its first write is on its way, which takes some seconds then. */
async function inMidMove(service: ServiceName, node: string, ...args: string[]) {
  const { write } = serviceFacts[service];
  // A record has one write only, and is on its way as long as Route 53 says so.
  for (const action of [write, "GetChange"])
    await lab.admin.setFault({ kind: "delay", action, nth: 1, count: "unlimited", ms: 1500 });
  const last = (await lab.admin.audit()).at(-1)?.n ?? 0;
  const started = lab.start("failover", service, node, ...args);
  const isWrite = ({
    action,
    parameters,
  }: {
    action: string;
    parameters: Record<string, unknown>;
  }): boolean => action === write && parameters.DryRun !== "true";
  while (!(await lab.admin.audit(last)).some(isWrite)) await sleep(20);
  return started;
}

/** Configuration, state and AWS say the same, and nothing is left to do. */
async function agree(service: ServiceName): Promise<string> {
  const node = await agreed(lab, service);
  await lab.succeed("pulumi", "preview", "--expect-no-changes");
  return node;
}

for (const service of Object.keys(serviceFacts) as ServiceName[])
  for (const part of ["pulumi", "provider"] as const)
    test.serial(`${service}: ${part} killed in mid-move`, async (t) => {
      const [first, second] = serviceFacts[service].nodes;
      const from = await whereIs(lab, service);
      const to = from === first ? second : first;
      const { pid, ended } = await inMidMove(service, to, "--json");
      process.kill(partOf(pid, part), "SIGKILL");
      await lab.admin.clearFaults();
      const { code, stdout, stderr } = await ended;
      t.is(code, 0, stderr);
      t.like(JSON.parse(stdout), { service, from, to, moved: true });
      t.regex(stderr, /ended without an answer[^]*once more/);
      t.is(await agree(service), to);
    });

test.serial(
  "the whole command killed: Pulumi goes on alone, and the next command waits for it",
  async (t) => {
    const to = (await whereIs(lab, "overlay")) === "node1" ? "node2" : "node1";
    const { pid, ended } = await inMidMove("overlay", to);
    const pulumi = partOf(pid, "pulumi");
    process.kill(-pid, "SIGKILL");
    await ended;
    process.kill(pulumi, 0);
    await lab.admin.clearFaults();
    const { stdout } = await lab.succeed("failover", "overlay", to);
    t.regex(stdout, /already/);
    t.is(await agree("overlay"), to);
  },
);

test.serial("everything killed: the next command removes the lock, and completes the move", async (t) => {
  const to = (await whereIs(lab, "overlay")) === "node1" ? "node2" : "node1";
  const { pid, ended } = await inMidMove("overlay", to);
  killAll(pid);
  await ended;
  await lab.admin.clearFaults();
  const { stderr } = await lab.succeed("failover", "overlay", to);
  t.regex(stderr, /stale/);
  t.is(await agree("overlay"), to);
});

for (const signal of ["SIGINT", "SIGTERM"] as const)
  test.serial(
    `${signal}: the move is not torn, no second one is begun, and what is known is said`,
    async (t) => {
      const to = (await whereIs(lab, "eni")) === "node-a" ? "node-b" : "node-a";
      const { pid, ended } = await inMidMove("eni", to);
      process.kill(-pid, signal);
      const { code, stdout, stderr } = await ended;
      await lab.admin.clearFaults();
      t.not(await whereIs(lab, "eni"), "none", "never detached and left");
      if (code !== 0) t.regex(stdout + stderr, /npm run failover -- eni|was not moved/);
      await lab.succeed("failover", "eni", to);
      t.is(await agree("eni"), to);
    },
  );
