/**
 * A floating ENI on its way, and the update killed: whoever is gone, the interface must not stay detached. Nobody helps:
 * no further command is run before it is looked at.
 */
import { DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import test, { type ExecutionContext } from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nodes } from "../lab/_aws";
import { TestLab } from "../lab/_lab";
import { descendants, type Running } from "./_processes";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

async function holder(): Promise<string> {
  const { NetworkInterfaces = [] } = await lab.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] }),
  );
  const { InstanceId: id, Status: state } = NetworkInterfaces[0]?.Attachment ?? {};
  if (state !== "attached") return "nobody";
  return (
    Object.entries(await nodes(lab.ec2)).find(([, { InstanceId }]) => InstanceId === id)?.[0] ?? "stranger"
  );
}

const is = (pattern: RegExp) => (process: Running) => pattern.test(process.commandLine);
const pulumi = is(/(^|\/)pulumi up /);
const provider = is(/dynamic-provider/);
/** It serves the program to the engine, too. */
const command = is(/^\S*node scripts\/run\.cjs failover /);

interface Kill {
  readonly who: string;
  readonly signals: readonly NodeJS.Signals[];
  /** Undefined: the command's whole process group, as a closed terminal or Ctrl-C does. */
  readonly chosen?: (process: Running) => boolean;
}

const kills: readonly Kill[] = [
  { who: "everything in the terminal", signals: ["SIGKILL"] },
  { who: "the terminal, by closing it", signals: ["SIGHUP"] },
  { who: "everything in the terminal, by Ctrl-C", signals: ["SIGINT"] },
  { who: "everything in the terminal, by Ctrl-C twice", signals: ["SIGINT", "SIGINT"] },
  { who: "pulumi", signals: ["SIGKILL"], chosen: pulumi },
  { who: "pulumi, asked twice to end", signals: ["SIGTERM", "SIGTERM"], chosen: pulumi },
  { who: "the provider", signals: ["SIGKILL"], chosen: provider },
  { who: "the command", signals: ["SIGKILL"], chosen: command },
  { who: "pulumi and the provider", signals: ["SIGKILL"], chosen: (one) => pulumi(one) || provider(one) },
];

/** When the interface has been detached and not yet attached again: there it would be lost. */
async function midway(since: number): Promise<void> {
  for (;;) {
    const calls = await lab.admin.audit(since);
    const isDetached = calls.some(
      ({ action, parameters }) => action === "DetachNetworkInterface" && parameters.DryRun !== "true",
    );
    if (isDetached && (await holder()) === "nobody") return;
    await sleep(10);
  }
}

/** Until nobody is at it any more. The records are those of this lab's interface alone: others run at the same time. */
async function movesEnded(): Promise<void> {
  const { NetworkInterfaces = [] } = await lab.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] }),
  );
  const id = NetworkInterfaces[0]?.NetworkInterfaceId ?? "";
  const folder = path.join(lab.root, ".lab", "moves");
  for (;;) {
    const records = fs
      .readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map(
        (name) =>
          JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as { id: string; state: string },
      );
    if (!records.some((record) => record.id.includes(id) && record.state === "running")) return;
    await sleep(50);
  }
}

for (const { who, signals, chosen } of kills) {
  test.serial(`killed in mid-move: ${who}`, async (t: ExecutionContext) => {
    const before = await holder();
    const to = before === "node-a" ? "node-b" : "node-a";
    await lab.admin.setFault({
      kind: "slow",
      action: "DetachNetworkInterface",
      ms: 1500,
      match: { DryRun: "" },
    });
    const since = (await lab.admin.audit()).at(-1)?.n ?? 0;
    const { pid, ended } = lab.start("failover", "eni", to);
    await midway(since);
    const targets =
      chosen === undefined
        ? [-pid]
        : descendants(pid)
            .filter(chosen)
            .map((one) => one.pid);
    t.true(
      targets.length > 0,
      `nothing to kill among ${descendants(pid)
        .map((one) => one.commandLine)
        .join("\n")}`,
    );
    for (const signal of signals) {
      for (const target of targets) {
        try {
          process.kill(target, signal);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
      }
      await sleep(200);
    }
    const { code, stdout, stderr } = await ended;
    await movesEnded();
    t.log(
      `${before} -> ${to}: on ${await holder()}; the command ended with ${String(code)}: ${(stderr + stdout).trim().slice(-300)}`,
    );
    t.true([before, to].includes(await holder()), "it is attached");
    await lab.admin.clearFaults();
    // The next command goes on from there.
    const again = await lab.succeed("failover", "eni", to);
    t.regex(again.stdout, new RegExp(to));
    t.is(await holder(), to);
    const preview = await lab.succeed("pulumi", "preview", "--expect-no-changes");
    t.notRegex(preview.stdout, /pending/);
  });
}
