import {
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
} from "@aws-sdk/client-ec2";
import test, { type ExecutionContext } from "ava";
import * as fs from "node:fs";
import { node, overlayNode } from "./_aws";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

const waiter = () => ({ client: lab.ec2, maxWaitTime: 30, minDelay: 1, maxDelay: 1 });

/** Both ways to ask for the move are refused, give every reason and remedy, show no stack trace and change nothing. */
async function refused(t: ExecutionContext, ...says: RegExp[]): Promise<void> {
  const config = fs.readFileSync(lab.configFile(), "utf8");
  const last = (await lab.admin.audit()).at(-1)?.n;
  const preview = await lab.run("failover", "overlay", "node2", "--preview");
  t.is(fs.readFileSync(lab.configFile(), "utf8"), config, "a preview changes nothing");
  const failover = await lab.run("failover", "overlay", "node2");
  for (const { code, stdout, stderr } of [preview, failover]) {
    t.not(code, 0);
    for (const pattern of says) t.regex(stdout + stderr, pattern);
    t.notRegex(stdout + stderr, /^\s+at .*\(.*:\d+:\d+\)/m, "no stack trace");
  }
  t.is(fs.readFileSync(lab.configFile(), "utf8"), config, "the choice is what it was");
  const calls = (await lab.admin.audit(last)).filter(({ action }) =>
    /^(Replace|Create|Delete)Route$/.test(action),
  );
  t.true(
    calls.every(({ parameters }) => parameters.DryRun === "true"),
    "no route was written",
  );
  t.is(await overlayNode(lab.ec2), "node1");
}

test.serial(
  "broken settings are reported all at once, each with key, reason and remedy, and no stack trace",
  async (t) => {
    const config = fs.readFileSync(lab.configFile(), "utf8");
    const broken = {
      vpcCidr: "10.0.0.1/16",
      egress: "internet",
      overlayActive: "node3",
      serviceTtl: "ten",
      nodeSystem: "windows",
      privateZone: "awslab.example.com",
      transitGateway: "yes",
      overlayActiv: "node1",
    };
    const settings = Object.entries(broken).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    const { code, stdout } = await lab.run("pulumi", "preview", ...settings);
    fs.writeFileSync(lab.configFile(), config);
    t.not(code, 0);
    for (const key of Object.keys(broken)) t.regex(stdout, new RegExp(`^\\s*${key}: .*; .*$`, "m"), key);
    t.notRegex(stdout, /^\s+at .*:\d+:\d+/m);
  },
);

test.serial("an unknown node", async (t) => {
  const { code, stderr } = await lab.run("failover", "overlay", "node9");
  t.not(code, 0);
  t.regex(stderr, /node9[^]*node1, node2/);
});

test.serial("an unknown service", async (t) => {
  const { code, stderr } = await lab.run("failover", "database", "node2");
  t.not(code, 0);
  t.regex(stderr, /no service database; use one of: dns, eni, overlay\./);
});

test.serial("a node whose source/dest check is on and that is stopped: both reasons at once", async (t) => {
  const { InstanceId } = await node(lab.ec2, "node2");
  await lab.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: true } }));
  await refused(t, /source\/dest(ination)? check/i);
  await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
  await waitUntilInstanceStopped(waiter(), { InstanceIds: [InstanceId] });
  await refused(t, /source\/dest(ination)? check/i, /stopped/);
  await lab.ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: false } }));
  await refused(t, /stopped/);
  await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [InstanceId] }));
  await waitUntilInstanceRunning(waiter(), { InstanceIds: [InstanceId] });
});

test.serial("once the reasons are gone the move works, with the old node stopped", async (t) => {
  const { InstanceId } = await node(lab.ec2, "node1");
  await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
  await waitUntilInstanceStopped(waiter(), { InstanceIds: [InstanceId] });
  await lab.succeed("failover", "overlay", "node2");
  t.is(await overlayNode(lab.ec2), "node2");
  await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [InstanceId] }));
  await waitUntilInstanceRunning(waiter(), { InstanceIds: [InstanceId] });
  await lab.succeed("failover", "overlay", "node1");
  t.is(await overlayNode(lab.ec2), "node1");
});

test.serial("a node that was terminated", async (t) => {
  const { InstanceId } = await node(lab.ec2, "node2");
  await lab.ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  await refused(t, /terminated|does not exist|shutting-down/);
});
