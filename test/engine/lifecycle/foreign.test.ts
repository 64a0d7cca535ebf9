/** What others did to a service, without the stack: who has it keeps it, and what is not as promised is seen and put right. */
import {
  ModifyNetworkInterfaceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
} from "@aws-sdk/client-ec2";
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import test from "ava";
import { LAB_CREDENTIALS } from "../../cloud/api";
import { Lab, type Project, type Result } from "../plugins/_fixture";
import { program, RECORD, servicesProject, type Wanted } from "./_program";
import { World } from "./_world";

const lab = Lab.start();
let made: { project: Project; world: World } | undefined;
const scene = (): { project: Project; world: World } => {
  if (made === undefined) throw new Error("the stack has not been built");
  return made;
};
const first = { pair: "node1", eni: "node-a" };
const onFirst = { overlay: "node1", eni: "node-a", dns: "node1" };
const onSecond = { overlay: "node2", eni: "node-b", dns: "node2" };
const waiter = () => ({ client: scene().world.ec2, maxWaitTime: 30, minDelay: 1, maxDelay: 1 });

test.before(async () => {
  made = { project: await servicesProject(await lab, "foreign", {}), world: new World(await lab) };
  const { code, text } = await made.project.up();
  if (code !== 0) throw new Error(text);
});
test.after.always(async () => (await lab).stop());

async function declare(wanted: Wanted, ...flags: string[]): Promise<Result> {
  const { project } = scene();
  project.write(program(wanted));
  return await project.up(...flags);
}

async function well(result: Promise<Result>): Promise<string> {
  const { code, text } = await result;
  if (code !== 0) throw new Error(text);
  return text;
}

async function idOf(name: string): Promise<string> {
  const id = (await scene().world.nodes())[name]?.InstanceId;
  if (id === undefined) throw new Error(`there is no ${name}`);
  return id;
}

test.serial(
  "a choice that is unset after a foreign takeover leaves the services where they are",
  async (t) => {
    const { project, world } = scene();
    await well(declare({ active: first }));
    await world.takeOver("node2", "node-b");
    // The node that was chosen is down: to move anything there would be an outage.
    const ids = [await idOf("node1"), await idOf("node-a")];
    await world.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    await waitUntilInstanceStopped(waiter(), { InstanceIds: ids });
    const kept = await declare({ active: first });
    t.not(kept.code, 0, "the choice can't be met");
    t.regex(kept.text, /is stopped[^]*unset the active node/);
    project.write(program());
    const preview = await well(project.pulumi("preview"));
    t.regex(preview, /overlay IP 192\.168\.10\.1\/32 is on node2, not on node1 as last seen: it stays there/);
    const taken = await world.takenAway(async () => {
      await well(project.up());
    });
    t.deepEqual(taken, []);
    t.deepEqual(await world.owners(), onSecond);
  },
);

test.serial("after a takeover the failed node is replaced, and the services stay", async (t) => {
  const { project, world } = scene();
  const ids = [await idOf("node1"), await idOf("node-a")];
  await world.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  await waitUntilInstanceTerminated(waiter(), { InstanceIds: ids });
  const taken = await world.takenAway(async () => {
    await well(project.up("--refresh"));
  });
  t.deepEqual(taken, []);
  t.deepEqual(await world.owners(), onSecond);
  t.deepEqual(await project.steps(), []);
});

test.serial("a node that fails with the services on it, and is made anew, has them again", async (t) => {
  const { project, world } = scene();
  const ids = [await idOf("node2"), await idOf("node-b")];
  await world.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  await waitUntilInstanceTerminated(waiter(), { InstanceIds: ids });
  await well(project.up("--refresh"));
  t.deepEqual(await world.owners(), onSecond, "nobody else had them, and nobody chose");
  t.deepEqual(await project.steps(), []);
});

test.serial(
  "a TTL that others changed is shown by a refresh, and put right by the next update",
  async (t) => {
    const { project, world } = scene();
    const { address = "" } = await world.record();
    await world.setRecord({ Value: address, TTL: 3600 });
    const refreshed = await well(project.refresh());
    t.regex(refreshed, /has a TTL of 3600 s instead of 10 s/);
    await well(project.up());
    t.deepEqual(await world.record(), { ttl: 10, address });
  },
);

test.serial("with a node chosen, the TTL is put right without a refresh", async (t) => {
  const { world } = scene();
  const chosen = { active: { pair: "node2", eni: "node-b" } };
  await well(declare(chosen));
  const { address = "" } = await world.record();
  await world.setRecord({ Value: address, TTL: 3600 });
  await well(declare(chosen));
  t.deepEqual(await world.record(), { ttl: 10, address });
  await well(declare({}));
});

test.serial("an attachment that would take the interface with it is shown, and put right", async (t) => {
  const { project, world } = scene();
  const { id: NetworkInterfaceId, attachment: AttachmentId } = await world.floating();
  await world.ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId,
      Attachment: { AttachmentId, DeleteOnTermination: true },
    }),
  );
  const refreshed = await well(project.refresh());
  t.regex(refreshed, /is deleted when its holder is terminated/);
  await well(project.up());
  const { NetworkInterfaces = [] } = await world.ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] }),
  );
  t.false(NetworkInterfaces[0]?.Attachment?.DeleteOnTermination);
  t.is(NetworkInterfaces[0]?.Attachment?.AttachmentId, AttachmentId, "without moving it");
});

test.serial(
  "a source/dest check that others switched on is said of the service, and put right",
  async (t) => {
    const { project, world } = scene();
    const node = (await world.nodes())[(await world.owners()).overlay];
    const NetworkInterfaceId = node?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "";
    await world.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: true } }),
    );
    t.regex(
      await well(project.refresh()),
      /whose source\/dest check is on: packets to 192\.168\.10\.1\/32 are dropped/,
    );
    await well(project.up());
    const { NetworkInterfaces = [] } = await world.ec2.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] }),
    );
    t.false(NetworkInterfaces[0]?.SourceDestCheck);
    t.deepEqual(await project.steps(), []);
  },
);

test.serial(
  "a more specific zone that shadows the name is said by a refresh, and refuses a failover",
  async (t) => {
    const { project, world } = scene();
    const route53 = new Route53Client({
      region: "us-east-1",
      endpoint: (await lab).cloud.url,
      credentials: LAB_CREDENTIALS,
    });
    const VPCId = (await world.nodes()).node1?.VpcId;
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({
        Name: RECORD,
        CallerReference: "shadow",
        VPC: { VPCRegion: "us-east-1", VPCId },
        HostedZoneConfig: { PrivateZone: true },
      }),
    );
    t.regex(await well(project.refresh()), /is answered by zone myservice\.awslab\.mycompany\.corp/);
    const { code, text } = await declare({ active: first });
    t.not(code, 0);
    t.regex(text, /is answered by zone[^]*take .* off the VPC/);
    await route53.send(new DeleteHostedZoneCommand({ Id: HostedZone?.Id }));
    await well(declare({}));
  },
);

test.serial(
  "an interface on a stranger's instance is left there by an update that nobody asked to move it",
  async (t) => {
    const { project, world } = scene();
    const node = (await world.nodes())["node-a"];
    const { Instances = [] } = await world.ec2.send(
      new RunInstancesCommand({
        ImageId: node?.ImageId,
        InstanceType: "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        SubnetId: node?.SubnetId,
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "stranger" }] }],
      }),
    );
    const InstanceIds = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
    await waitUntilInstanceRunning(waiter(), { InstanceIds });
    await world.takeOver("node2", "stranger");
    const taken = await world.takenAway(async () => {
      // A reason to update the service that is no choice.
      const urn = (await project.resources()).find(({ urn: one }) =>
        one.endsWith("$aws:ec2/instance:Instance::eni-pair-node-a"),
      );
      t.regex(
        await well(project.up("--replace", urn?.urn ?? "")),
        /is on no single node[^]*It is left as it is/,
      );
    });
    t.deepEqual(taken, []);
    t.is((await world.owners()).eni, "stranger");
    await well(project.refresh());
    t.deepEqual(taken, []);
    await world.takeOver("node2", "node-b");
    await world.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await well(project.refresh());
    await well(project.up());
  },
);

test.serial(
  "another overlay address goes to the node that has the service, and it is said who must learn it",
  async (t) => {
    const { project, world } = scene();
    t.deepEqual(await world.owners(), onSecond);
    project.write(program({ destination: "192.168.10.2/32" }));
    const said =
      /overlay IP 192\.168\.10\.1\/32 becomes overlay IP 192\.168\.10\.2\/32, on node2[^]*booted with 192\.168\.10\.1\/32 and don't answer/;
    t.regex(await well(project.pulumi("preview")), said);
    t.regex(await well(project.up()), said);
    t.is((await world.owners("192.168.10.2/32")).overlay, "node2");
    t.is((await world.owners("192.168.10.1/32")).overlay, "nobody");
    await well(declare({}));
    t.deepEqual(await world.owners(), onSecond);
  },
);

test.serial(
  "a resource that is made anew for a chosen node says from where to where it moves the service",
  async (t) => {
    const { project, world } = scene();
    for (const name of ["main-overlay", "main-dns", "main-eni"]) {
      const found = (await project.resources()).find(
        ({ urn, type }) => urn.endsWith(`::${name}`) && type.includes("dynamic"),
      );
      await well(project.pulumi("state", "delete", found?.urn ?? "", "--yes"));
    }
    project.write(program({ active: first }));
    const preview = await well(project.pulumi("preview"));
    t.regex(preview, /overlay IP 192\.168\.10\.1\/32 moves from node2 to node1/);
    t.regex(preview, /service name .* moves from node2 to node1/);
    t.regex(preview, /floating ENI .* moves from node-b to node-a/);
    t.deepEqual(await world.owners(), onSecond);
    await well(project.up());
    t.deepEqual(await world.owners(), onFirst);
  },
);
