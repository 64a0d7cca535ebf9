/** What a launch honours, and what it refuses. */
import { gzipSync } from "node:zlib";
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { launch, launchNode, makeSite, refusal, withCloud } from "./_cloud";

const theCloud = withCloud(test);

test.serial("termination protection holds from the launch on, until it is taken away", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const kept = await launchNode(cloud, site.subnets[0], { DisableApiTermination: true });
  const far = await launchNode(cloud, site.subnets[1]);
  const terminate = (...InstanceIds: string[]) =>
    client.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
  t.is((await refusal(terminate(kept.id, far.id))).code, "OperationNotPermitted");
  const states = async () => {
    const ids = [kept.id, far.id];
    const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: ids }));
    const all = (Reservations ?? []).flatMap((one) => one.Instances ?? []);
    return ids.map((id) => all.find((one) => one.InstanceId === id)?.State?.Name);
  };
  t.deepEqual(await states(), ["running", "terminated"], "one in another zone is terminated nevertheless");
  await client.send(
    new ec2.ModifyInstanceAttributeCommand({ InstanceId: kept.id, DisableApiTermination: { Value: false } }),
  );
  await terminate(kept.id);
  t.deepEqual(await states(), ["terminated", "terminated"]);
});

test("a launch refuses what cannot be had: keys, zones, counts, user data, tenancy, CPU options", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  const code = async (more: Partial<ec2.RunInstancesCommandInput>) =>
    (await refusal(launch(cloud, site.subnets[0], more))).code;
  t.is(await code({ KeyName: "nobody's" }), "InvalidKeyPair.NotFound");
  t.is(await code({ Placement: { AvailabilityZone: "us-east-1b" } }), "InvalidParameterValue");
  t.is(await code({ MinCount: 3, MaxCount: 2 }), "InvalidParameterValue");
  t.is(await code({ MinCount: 0 }), "InvalidParameterValue");
  t.is(await code({ UserData: Buffer.alloc(16_385).toString("base64") }), "InvalidParameterValue");
  t.is(await code({ UserData: "no base64!" }), "InvalidParameterValue");
  t.is(await code({ InstanceType: "t99.huge" as "t3.micro" }), "InvalidParameterValue");
  t.is(await code({ Placement: { Tenancy: "dedicated" } }), "NotImplementedByTheFakeAws");
  t.is(await code({ CpuOptions: { CoreCount: 1 } }), "NotImplementedByTheFakeAws");
  t.is(await code({ HibernationOptions: { Configured: true } }), "NotImplementedByTheFakeAws");
  const UserData = gzipSync("#cloud-config\n").toString("base64");
  t.truthy(
    (await launch(cloud, site.subnets[0], { UserData, Placement: { Tenancy: "default" } })).InstanceId,
  );
});

test("a launch has a key pair that was made or imported, and that has one name", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const made = await client.send(new ec2.CreateKeyPairCommand({ KeyName: "made" }));
  t.regex(made.KeyMaterial ?? "", /^-----BEGIN/);
  const PublicKeyMaterial = Buffer.from(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkz1gEd1Q8KpN4pOnk9E1cAbJYYHFuPqtFvDpXeJ0Xo somebody",
  );
  const imported = () =>
    client.send(new ec2.ImportKeyPairCommand({ KeyName: "imported", PublicKeyMaterial }));
  await imported();
  t.is((await refusal(imported())).code, "InvalidKeyPair.Duplicate");
  t.is((await launch(cloud, site.subnets[0], { KeyName: "imported" })).KeyName, "imported");
  const Filters = [{ Name: "key-name", Values: ["ma*"] }];
  const { KeyPairs } = await client.send(new ec2.DescribeKeyPairsCommand({ Filters }));
  t.deepEqual(
    KeyPairs?.map((one) => one.KeyPairId),
    [made.KeyPairId],
  );
  await client.send(new ec2.DeleteKeyPairCommand({ KeyName: "made" }));
  t.is((await refusal(launch(cloud, site.subnets[0], { KeyName: "made" }))).code, "InvalidKeyPair.NotFound");
});

test("a launch gives volumes what they were bought with, and interfaces their description and tags", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const Ebs = { VolumeSize: 20, VolumeType: "gp3" as const, Iops: 4000, Throughput: 200 };
  const instance = await launch(cloud, "", {
    SubnetId: undefined,
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs }],
    NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: site.subnets[0], Description: "service" }],
    TagSpecifications: [
      { ResourceType: "network-interface", Tags: [{ Key: "Name", Value: "eth0" }] },
      { ResourceType: "volume", Tags: [{ Key: "Name", Value: "root" }] },
    ],
  });
  const attached = [{ Name: "attachment.instance-id", Values: [instance.InstanceId ?? ""] }];
  const { Volumes } = await client.send(new ec2.DescribeVolumesCommand({ Filters: attached }));
  t.like(Volumes?.[0], { Size: 20, Iops: 4000, Throughput: 200, Tags: [{ Key: "Name", Value: "root" }] });
  const { NetworkInterfaces } = await client.send(
    new ec2.DescribeNetworkInterfacesCommand({ Filters: attached }),
  );
  t.like(NetworkInterfaces?.[0], { Description: "service", TagSet: [{ Key: "Name", Value: "eth0" }] });
});

test.serial(
  "an instance that shuts down has its interfaces and addresses until it is terminated",
  async (t) => {
    const cloud = theCloud();
    const client = cloud.ec2();
    const site = await makeSite(client);
    const { id, eni } = await launchNode(cloud, site.subnets[0]);
    const terminate = () => client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
    const eniState = async () => {
      const { NetworkInterfaces } = await client.send(
        new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }),
      );
      return NetworkInterfaces?.[0]?.Status;
    };
    await cloud.admin.changeSettings({ instanceTerminatingMs: 3_000 });
    try {
      const first = await terminate();
      t.like(first.TerminatingInstances?.[0], {
        PreviousState: { Name: "running" },
        CurrentState: { Name: "shutting-down" },
      });
      t.is(await eniState(), "in-use");
      const again = await terminate();
      t.like(again.TerminatingInstances?.[0], { PreviousState: { Name: "shutting-down" } });
      await ec2.waitUntilInstanceTerminated({ client, maxWaitTime: 60, minDelay: 1 }, { InstanceIds: [id] });
      t.is((await refusal(eniState())).code, "InvalidNetworkInterfaceID.NotFound");
      const third = await terminate();
      t.like(third.TerminatingInstances?.[0], {
        PreviousState: { Name: "terminated" },
        CurrentState: { Name: "terminated" },
      });
    } finally {
      await cloud.admin.changeSettings({ instanceTerminatingMs: 0 });
    }
  },
);

test("metadata options that a change leaves out stay as they are; one attribute is changed at a time", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id: InstanceId } = await launchNode(cloud, site.subnets[0], {
    MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 2 },
  });
  const changed = await client.send(
    new ec2.ModifyInstanceMetadataOptionsCommand({ InstanceId, InstanceMetadataTags: "enabled" }),
  );
  t.like(changed.InstanceMetadataOptions, {
    HttpTokens: "required",
    HttpPutResponseHopLimit: 2,
    InstanceMetadataTags: "enabled",
  });
  const both = client.send(
    new ec2.ModifyInstanceAttributeCommand({
      InstanceId,
      SourceDestCheck: { Value: false },
      DisableApiTermination: { Value: true },
    }),
  );
  t.is((await refusal(both)).code, "InvalidParameterCombination");
});
