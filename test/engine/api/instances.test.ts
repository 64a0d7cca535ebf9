/** Instances: states, status checks, source/dest check, addresses, idempotent launches. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { launch, launchNode, makeSite, refusal, type TestCloud, withCloud } from "./_cloud";

const theCloud = withCloud(test);
/** Long enough that no test can see its end. */
const NEVER = 1_000_000_000;

async function describe(cloud: TestCloud, id: string): Promise<ec2.Instance> {
  const { Reservations } = await cloud.ec2().send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0] ?? {};
}

/** Runs with other settings. Tests that do are serial: the settings are the cloud's. */
async function during(
  cloud: TestCloud,
  settings: Parameters<TestCloud["admin"]["changeSettings"]>[0],
  body: () => Promise<void>,
) {
  const before = await cloud.admin.settings();
  await cloud.admin.changeSettings(settings);
  try {
    await body();
  } finally {
    await cloud.admin.changeSettings(before);
  }
}

test.serial("a launched instance is pending, then running; its status checks pass later", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  await during(cloud, { instancePendingMs: NEVER, statusCheckMs: NEVER }, async () => {
    const instance = await launch(cloud, site.subnets[0]);
    t.is(instance.State?.Name, "pending");
    t.is((await describe(cloud, instance.InstanceId ?? "")).State?.Name, "pending");
    const pending = await cloud
      .ec2()
      .send(
        new ec2.DescribeInstancesCommand({ Filters: [{ Name: "instance-state-name", Values: ["pending"] }] }),
      );
    t.is(
      pending.Reservations?.[0]?.Instances?.[0]?.InstanceId,
      instance.InstanceId,
      "filters see what is shown",
    );
  });
  await during(cloud, { instancePendingMs: 50, statusCheckMs: NEVER }, async () => {
    const { id } = await launchNode(cloud, site.subnets[0]);
    await ec2.waitUntilInstanceRunning(
      { client: cloud.ec2(), maxWaitTime: 20, minDelay: 1 },
      { InstanceIds: [id] },
    );
    const { InstanceStatuses } = await cloud
      .ec2()
      .send(new ec2.DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    t.is(InstanceStatuses?.[0]?.InstanceStatus?.Status, "initializing");
  });
});

test.serial("a stopped instance was stopping before, and can be started from stopped only", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id } = await launchNode(cloud, site.subnets[0]);
  await during(cloud, { instanceStoppingMs: NEVER }, async () => {
    const { StoppingInstances } = await client.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
    t.like(StoppingInstances?.[0], {
      PreviousState: { Name: "running" },
      CurrentState: { Name: "stopping" },
    });
    const refused = await refusal(client.send(new ec2.StartInstancesCommand({ InstanceIds: [id] })));
    t.is(refused.code, "IncorrectInstanceState");
  });
});

test("a terminated instance has no network, cannot be started, and its interface is gone", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id, eni } = await launchNode(cloud, site.subnets[0]);
  const made = await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0] }));
  const kept = made.NetworkInterface?.NetworkInterfaceId ?? "";
  await client.send(
    new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId: kept, InstanceId: id, DeviceIndex: 1 }),
  );
  await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  const instance = await describe(cloud, id);
  t.is(instance.State?.Name, "terminated");
  t.is(instance.PrivateIpAddress, undefined);
  t.deepEqual(instance.NetworkInterfaces, []);
  t.is(
    (await refusal(client.send(new ec2.StartInstancesCommand({ InstanceIds: [id] })))).code,
    "IncorrectInstanceState",
  );
  const gone = client.send(new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }));
  t.is((await refusal(gone)).code, "InvalidNetworkInterfaceID.NotFound");
  const left = await client.send(new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [kept] }));
  t.is(left.NetworkInterfaces?.[0]?.Status, "available", "what was attached later is only detached");
});

test("the address of a terminated instance can be had again; a taken, foreign or reserved one cannot", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [site.subnets[0]] }));
  const address = (last: number) => `${Subnets?.[0]?.CidrBlock?.replace(/\.0\/24$/, "") ?? ""}.${last}`;
  const at = (PrivateIpAddress: string) => launchNode(cloud, site.subnets[0], { PrivateIpAddress });
  const { id } = await at(address(10));
  t.like(await refusal(at(address(10))), {
    code: "InvalidIPAddress.InUse",
    message: `Address ${address(10)} is in use.`,
  });
  t.is((await refusal(at("172.16.0.9"))).code, "InvalidParameterValue");
  t.regex((await refusal(at(address(2)))).message, /reserved address range/);
  await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  t.not((await at(address(10))).id, id);
});

test("source/dest check is one value of instance and interface", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id, eni } = await launchNode(cloud, site.subnets[0]);
  const shown = async () => {
    const instance = await describe(cloud, id);
    const attribute = await client.send(
      new ec2.DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "sourceDestCheck" }),
    );
    const { NetworkInterfaces } = await client.send(
      new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }),
    );
    const own = instance.NetworkInterfaces?.[0]?.SourceDestCheck;
    return [
      instance.SourceDestCheck,
      own,
      attribute.SourceDestCheck?.Value,
      NetworkInterfaces?.[0]?.SourceDestCheck,
    ];
  };
  t.deepEqual(await shown(), [true, true, true, true]);
  await client.send(
    new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }),
  );
  t.deepEqual(await shown(), [false, false, false, false]);
  await client.send(
    new ec2.ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: eni,
      SourceDestCheck: { Value: true },
    }),
  );
  t.deepEqual(await shown(), [true, true, true, true]);
});

test("with several interfaces, source/dest check must be set on one of them", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id } = await launchNode(cloud, site.subnets[0]);
  const made = await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0] }));
  await client.send(
    new ec2.AttachNetworkInterfaceCommand({
      NetworkInterfaceId: made.NetworkInterface?.NetworkInterfaceId,
      InstanceId: id,
      DeviceIndex: 1,
    }),
  );
  const call = client.send(
    new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }),
  );
  t.regex((await refusal(call)).message, /multiple interfaces attached/);
});

test("a launch with the same client token is the same launch; with other parameters it is refused", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  const once = await launchNode(cloud, site.subnets[0], { ClientToken: "once" });
  t.is((await launchNode(cloud, site.subnets[0], { ClientToken: "once" })).id, once.id);
  const other = await refusal(launchNode(cloud, site.subnets[1], { ClientToken: "once" }));
  t.is(other.code, "IdempotentParameterMismatch");
});

test("what AWS does not know cannot be launched: image, type, subnet", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  const code = async (more: Partial<ec2.RunInstancesCommandInput>, subnet = site.subnets[0]) =>
    (await refusal(launch(cloud, subnet, more))).code;
  t.is(await code({ ImageId: "ami-00000000000000000" }), "InvalidAMIID.NotFound");
  t.is(await code({ InstanceType: "t3.gigantic" as ec2._InstanceType }), "InvalidParameterValue");
  t.is(await code({}, "subnet-00000000000000000"), "InvalidSubnetID.NotFound");
});

test.serial("impaired status checks can be had on request, and taken back", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  const { id } = await launchNode(cloud, site.subnets[0]);
  const status = async () => {
    const { InstanceStatuses } = await cloud
      .ec2()
      .send(new ec2.DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    return InstanceStatuses?.[0]?.InstanceStatus?.Status;
  };
  t.is(await status(), "ok");
  await cloud.admin.impair(id);
  t.is(await status(), "impaired");
  await cloud.admin.impair(id, false);
  t.is(await status(), "ok");
});

test("only running instances have a status unless all are asked for", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id } = await launchNode(cloud, site.subnets[0]);
  await client.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
  const ask = async (IncludeAllInstances: boolean) => {
    const input = { InstanceIds: [id], IncludeAllInstances };
    return (await client.send(new ec2.DescribeInstanceStatusCommand(input))).InstanceStatuses;
  };
  t.deepEqual(await ask(false), []);
  t.like((await ask(true))?.[0], {
    InstanceState: { Name: "stopped" },
    InstanceStatus: { Status: "not-applicable" },
  });
});
