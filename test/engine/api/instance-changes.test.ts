/** What can be changed of an instance that is there: user data, monitoring, credits, profile, root volume. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import test from "ava";
import { launchNode, makeSite, refusal, withCloud } from "./_cloud";

const theCloud = withCloud(test);

async function node(more: Partial<ec2.RunInstancesCommandInput> = {}) {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id } = await launchNode(cloud, site.subnets[0], more);
  const shown = async (): Promise<ec2.Instance> => {
    const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0] ?? {};
  };
  const attribute = (Attribute: ec2.InstanceAttributeName) =>
    client.send(new ec2.DescribeInstanceAttributeCommand({ InstanceId: id, Attribute }));
  const modify = (change: Partial<ec2.ModifyInstanceAttributeCommandInput>) =>
    client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, ...change }));
  return { client, id, shown, attribute, modify };
}

test("user data of a stopped instance can be changed, of a running one not", async (t) => {
  const encoded = (text: string) => Buffer.from(text).toString("base64");
  const { client, id, attribute, modify } = await node({ UserData: encoded("#!/bin/sh\necho one") });
  const now = async () => {
    const value = (await attribute("userData")).UserData?.Value ?? "";
    return Buffer.from(value, "base64").toString();
  };
  const change = (text: string) => modify({ UserData: { Value: Buffer.from(text) } });
  t.is(await now(), "#!/bin/sh\necho one");
  t.is((await refusal(change("two"))).code, "IncorrectInstanceState");
  await client.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
  await change("#cloud-config\nname: Höhe\n");
  t.is(await now(), "#cloud-config\nname: Höhe\n");
  await modify({ Attribute: "userData", Value: encoded("three") });
  t.is(await now(), "three");
  await change("");
  t.is(await now(), "");
  t.is(
    (await refusal(modify({ Attribute: "userData", Value: "not base64!" }))).code,
    "InvalidParameterValue",
  );
  t.is((await refusal(change("x".repeat(16 * 1024 + 1)))).code, "InvalidParameterValue");
});

test("what an instance does when it shuts itself down can be changed", async (t) => {
  const { attribute, modify } = await node();
  const now = async () =>
    (await attribute("instanceInitiatedShutdownBehavior")).InstanceInitiatedShutdownBehavior?.Value;
  t.is(await now(), "stop");
  await modify({ InstanceInitiatedShutdownBehavior: { Value: "terminate" } });
  t.is(await now(), "terminate");
});

test("detailed monitoring can be switched on and off", async (t) => {
  const { client, id, shown } = await node();
  t.is((await shown()).Monitoring?.State, "disabled");
  const on = await client.send(new ec2.MonitorInstancesCommand({ InstanceIds: [id] }));
  t.is(on.InstanceMonitorings?.[0]?.Monitoring?.State, "pending");
  t.is((await shown()).Monitoring?.State, "enabled");
  const off = await client.send(new ec2.UnmonitorInstancesCommand({ InstanceIds: [id] }));
  t.is(off.InstanceMonitorings?.[0]?.Monitoring?.State, "disabling");
  t.is((await shown()).Monitoring?.State, "disabled");
  const unknown = new ec2.MonitorInstancesCommand({ InstanceIds: ["i-0000000000000dead"] });
  t.is((await refusal(client.send(unknown))).code, "InvalidInstanceID.NotFound");
});

test("the credit option follows from the family, the launch and later changes", async (t) => {
  const { client, id } = await node();
  const standard = await node({ CreditSpecification: { CpuCredits: "standard" } });
  const fixed = await node({ InstanceType: "m5.large" });
  const credits = async (InstanceId: string) => {
    const found = await client.send(
      new ec2.DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [InstanceId] }),
    );
    return found.InstanceCreditSpecifications?.[0]?.CpuCredits;
  };
  t.deepEqual([await credits(id), await credits(standard.id)], ["unlimited", "standard"]);
  t.is((await refusal(credits(fixed.id))).code, "InvalidInstanceID");
  const changed = await client.send(
    new ec2.ModifyInstanceCreditSpecificationCommand({
      InstanceCreditSpecifications: [id, fixed.id, "i-0000000000000dead"].map((InstanceId) => ({
        InstanceId,
        CpuCredits: "standard",
      })),
    }),
  );
  t.deepEqual(changed.SuccessfulInstanceCreditSpecifications, [{ InstanceId: id }]);
  t.deepEqual(
    changed.UnsuccessfulInstanceCreditSpecifications?.map((one) => one.Error?.Code),
    ["InstanceCreditSpecification.NotSupported", "InvalidInstanceID.NotFound"],
  );
  t.is(await credits(id), "standard");
});

test("an instance profile can be associated, replaced and taken away, and the instance shows it", async (t) => {
  const profiles = new iam.IAMClient(theCloud().config());
  for (const InstanceProfileName of ["first", "second"]) {
    await profiles.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName }));
  }
  const { client, id, shown } = await node({ IamInstanceProfile: { Name: "first" } });
  const association = async () => {
    const Filters = [{ Name: "instance-id", Values: [id] }];
    const found = await client.send(new ec2.DescribeIamInstanceProfileAssociationsCommand({ Filters }));
    return found.IamInstanceProfileAssociations?.[0];
  };
  const replace = (AssociationId: string, Name: string) =>
    client.send(
      new ec2.ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile: { Name } }),
    );
  const profile = async () => (await shown()).IamInstanceProfile?.Arn?.split("/")[1];
  t.is(await profile(), "first");
  const AssociationId = (await association())?.AssociationId ?? "";
  t.is((await refusal(replace(AssociationId, "none"))).code, "InvalidParameterValue");
  t.is(await profile(), "first", "a refused change takes nothing away");
  const replaced = await replace(AssociationId, "second");
  t.is(replaced.IamInstanceProfileAssociation?.State, "associating");
  t.is(await profile(), "second");
  const now = await association();
  t.is(now?.AssociationId, replaced.IamInstanceProfileAssociation?.AssociationId);
  t.not(now?.AssociationId, AssociationId);
  t.is((await refusal(replace(AssociationId, "first"))).code, "NoSuchAssociation");
  await client.send(
    new ec2.DisassociateIamInstanceProfileCommand({ AssociationId: now?.AssociationId ?? "" }),
  );
  t.deepEqual([await profile(), await association()], [undefined, undefined]);
  const give = { InstanceId: id, IamInstanceProfile: { Name: "first" } };
  await client.send(new ec2.AssociateIamInstanceProfileCommand(give));
  t.is(await profile(), "first");
  t.is((await refusal(client.send(new ec2.AssociateIamInstanceProfileCommand(give)))).code, "IncorrectState");
});

test("a volume grows, never shrinks, and performs as its type and size say", async (t) => {
  const { client, shown } = await node({
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 10, VolumeType: "gp3" } }],
  });
  const VolumeId = (await shown()).BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? "";
  const volume = async () => {
    const { Volumes } = await client.send(new ec2.DescribeVolumesCommand({ VolumeIds: [VolumeId] }));
    const { Size, VolumeType, Iops, Throughput } = Volumes?.[0] ?? {};
    return [Size, VolumeType, Iops, Throughput];
  };
  const modify = (change: Partial<ec2.ModifyVolumeCommandInput>) =>
    client.send(new ec2.ModifyVolumeCommand({ VolumeId, ...change }));
  t.deepEqual(await volume(), [10, "gp3", 3000, 125]);
  const grown = await modify({ Size: 20, Iops: 4000, Throughput: 250 });
  t.like(grown.VolumeModification, { ModificationState: "modifying", OriginalSize: 10, TargetSize: 20 });
  t.deepEqual(await volume(), [20, "gp3", 4000, 250]);
  await modify({ VolumeType: "gp2" });
  t.deepEqual(await volume(), [20, "gp2", 100, undefined]);
  t.is((await refusal(modify({ Size: 19 }))).code, "InvalidParameterValue");
  const unknown = await refusal(modify({ VolumeId: "vol-00000000000000000", Size: 30 }));
  t.is(unknown.code, "InvalidVolume.NotFound");
});
