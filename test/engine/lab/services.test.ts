/** The floating ENI and the service name, moved by the command that people use; the old node being well or not. */
import {
  AttachNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  DetachNetworkInterfaceCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilNetworkInterfaceAvailable,
} from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import test from "ava";
import { LAB_CREDENTIALS } from "../../cloud/api";
import { node, nodes } from "./_aws";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

const waiter = () => ({ client: lab.ec2, maxWaitTime: 30, minDelay: 1, maxDelay: 1 });
const route53 = () =>
  new Route53Client({ region: "us-east-1", endpoint: lab.url, credentials: LAB_CREDENTIALS });
const serviceName = "myservice.awslab.mycompany.corp.";

/** Name of the node that has the floating interface. */
async function eniNode(): Promise<string | undefined> {
  const { NetworkInterfaces = [] } = await lab.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] }),
  );
  const holder = NetworkInterfaces[0]?.Attachment?.InstanceId;
  return Object.entries(await nodes(lab.ec2)).find(([, instance]) => instance.InstanceId === holder)?.[0];
}

async function zoneId(): Promise<string> {
  const { HostedZones = [] } = await route53().send(new ListHostedZonesCommand({}));
  return HostedZones[0]?.Id ?? "";
}

async function record() {
  const { ResourceRecordSets = [] } = await route53().send(
    new ListResourceRecordSetsCommand({ HostedZoneId: await zoneId() }),
  );
  return ResourceRecordSets.find(({ Name, Type }) => Name === serviceName && Type === "A");
}

/** Name of the node that the service name points to. */
async function dnsNode(): Promise<string | undefined> {
  const address = (await record())?.ResourceRecords?.[0]?.Value;
  return Object.entries(await nodes(lab.ec2)).find(
    ([, instance]) => instance.PrivateIpAddress === address,
  )?.[0];
}

async function stop(name: string): Promise<string> {
  const { InstanceId } = await node(lab.ec2, name);
  await lab.ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
  await waitUntilInstanceStopped(waiter(), { InstanceIds: [InstanceId] });
  return InstanceId;
}

async function start(InstanceId: string): Promise<void> {
  await lab.ec2.send(new StartInstancesCommand({ InstanceIds: [InstanceId] }));
  await waitUntilInstanceRunning(waiter(), { InstanceIds: [InstanceId] });
}

const cases = [
  { service: "eni", first: "node-a", second: "node-b", where: eniNode },
  { service: "dns", first: "node1", second: "node2", where: dnsNode },
] as const;

for (const { service, first, second, where } of cases) {
  test.serial(`${service}: forth, again as a no-op, and back`, async (t) => {
    t.is(await where(), first);
    const forth = JSON.parse((await lab.succeed("failover", service, second, "--json")).stdout) as object;
    t.like(forth, { service, from: first, to: second, moved: true });
    t.is(await where(), second);
    const again = JSON.parse((await lab.succeed("failover", service, second, "--json")).stdout) as object;
    t.like(again, { moved: false });
    await lab.succeed("failover", service, first);
    t.is(await where(), first);
    t.notRegex((await lab.succeed("pulumi", "preview")).stdout, /to (create|update|replace|delete)/);
  });

  test.serial(`${service}: a stopped target is refused at preview, and nothing moves`, async (t) => {
    const id = await stop(second);
    const { code, stderr } = await lab.run("failover", service, second);
    t.not(code, 0);
    t.regex(stderr, /stopped/);
    t.is(await where(), first);
    await start(id);
  });

  test.serial(`${service}: away from a stopped node`, async (t) => {
    const id = await stop(first);
    await lab.succeed("failover", service, second);
    t.is(await where(), second);
    await start(id);
    await lab.succeed("failover", service, first);
  });
}

test.serial("a record that others changed is shown by refresh", async (t) => {
  const found = await record();
  if (found === undefined) throw new Error("the service name has no record");
  const { PrivateIpAddress: Value } = await node(lab.ec2, "node2");
  const changed = { ...found, ResourceRecords: [{ Value }] };
  await route53().send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: await zoneId(),
      ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet: changed }] },
    }),
  );
  const { stdout } = await lab.succeed("pulumi", "refresh", "--preview-only", "--diff");
  t.regex(stdout, /activeNode[^\n]*"node1" => "node2"/);
});

test.serial("an interface that others moved is shown by refresh", async (t) => {
  const { NetworkInterfaces = [] } = await lab.ec2.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] }),
  );
  const { NetworkInterfaceId, Attachment } = NetworkInterfaces[0] ?? {};
  await lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: Attachment?.AttachmentId }));
  await waitUntilNetworkInterfaceAvailable(waiter(), { NetworkInterfaceIds: [NetworkInterfaceId ?? ""] });
  const { InstanceId } = await node(lab.ec2, "node-b");
  await lab.ec2.send(new AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
  const { stdout } = await lab.succeed("pulumi", "refresh", "--preview-only", "--diff");
  t.regex(stdout, /activeNode[^\n]*"node-a" => "node-b"/);
  await lab.succeed("failover", "eni", "node-a");
});

test.serial("away from a node that nobody can reach", async (t) => {
  await lab.succeed("failover", "dns", "node1");
  const { InstanceId } = await node(lab.ec2, "node1");
  await lab.admin.impair(InstanceId);
  await lab.succeed("failover", "overlay", "node2");
  await lab.succeed("failover", "dns", "node2");
  t.is(await dnsNode(), "node2");
  const { code, stderr } = await lab.run("failover", "dns", "node1");
  t.not(code, 0, "and back to it only when it is well again");
  t.regex(stderr, /status check/);
  await lab.admin.impair(InstanceId, false);
  await lab.succeed("failover", "dns", "node1");
  await lab.succeed("failover", "overlay", "node1");
});

test.serial("a terminated node does not keep its services from moving", async (t) => {
  const ids = [(await node(lab.ec2, "node-a")).InstanceId, (await node(lab.ec2, "node1")).InstanceId];
  await lab.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  await lab.succeed("failover", "eni", "node-b");
  await lab.succeed("failover", "dns", "node2");
  await lab.succeed("failover", "overlay", "node2");
  t.is(await eniNode(), "node-b");
  t.is(await dnsNode(), "node2");
});
