import { type Changes } from "../../../frame/definition";
import { isValues, type Values } from "../../../frame/values";
import { until } from "../../../frame/wait";
import { type AwsContext, need, textOf } from "../../context";
import { tagChanges, toAws } from "../../tags";
import { type InstanceInputs, metadata, userDataOf } from "./instance-launch";
import { findInstance } from "./instance-read";

export async function updateInstance(
  context: AwsContext,
  id: string,
  news: InstanceInputs,
  changes: Changes,
  state: Values,
): Promise<void> {
  const modify = (attribute: Values) =>
    context.ec2("ModifyInstanceAttribute", { InstanceId: id, ...attribute });
  if (changes.has("sourceDestCheck"))
    await modify({ SourceDestCheck: { Value: news.sourceDestCheck !== false } });
  if (changes.has("vpcSecurityGroupIds")) await modify({ Groups: news.vpcSecurityGroupIds });
  if (changes.has("disableApiTermination"))
    await setTermination(context, id, news.disableApiTermination === true);
  if (changes.has("disableApiStop"))
    await modify({ DisableApiStop: { Value: news.disableApiStop === true } });
  if (changes.has("instanceInitiatedShutdownBehavior")) {
    await modify({ InstanceInitiatedShutdownBehavior: { Value: news.instanceInitiatedShutdownBehavior } });
  }
  if (changes.has("metadataOptions")) {
    await context.ec2("ModifyInstanceMetadataOptions", { InstanceId: id, ...metadata(news.metadataOptions) });
  }
  if (changes.has("creditSpecification")) await setCredits(context, id, news.creditSpecification?.cpuCredits);
  if (changes.has("monitoring")) {
    await context.ec2(news.monitoring === true ? "MonitorInstances" : "UnmonitorInstances", {
      InstanceIds: [id],
    });
  }
  if (changes.has("iamInstanceProfile")) await setProfile(context, id, news.iamInstanceProfile);
  if (changes.has("rootBlockDevice")) await setRoot(context, id, news, state);
  if (changes.has("secondaryPrivateIps")) await setSecondary(context, news, state);
  if (changes.has("instanceType", "userData", "userDataBase64")) {
    // EC2 changes these of a stopped instance only.
    await stopped(context, id, async () => {
      if (changes.has("instanceType")) await modify({ InstanceType: { Value: news.instanceType } });
      if (changes.has("userData", "userDataBase64")) {
        await modify({ UserData: { Value: Buffer.from(userDataOf(news) ?? "", "base64") } });
      }
    });
  }
}

export async function setTermination(context: AwsContext, id: string, disabled: boolean): Promise<void> {
  await context.ec2("ModifyInstanceAttribute", {
    InstanceId: id,
    DisableApiTermination: { Value: disabled },
  });
}

/** The call itself succeeds when the instance can't have the option. */
async function setCredits(context: AwsContext, id: string, CpuCredits: string | undefined): Promise<void> {
  const { UnsuccessfulInstanceCreditSpecifications: failed } = await context.ec2(
    "ModifyInstanceCreditSpecification",
    { InstanceCreditSpecifications: [{ InstanceId: id, CpuCredits }] },
  );
  const error = failed?.[0]?.Error;
  if (!error) return;
  throw new Error(
    `${error.Code ?? ""}: ${error.Message ?? ""} Leave creditSpecification out, or take a burstable instance type.`,
  );
}

/** Stops, changes and starts; an instance that was stopped before stays so. */
async function stopped(context: AwsContext, id: string, change: () => Promise<void>): Promise<void> {
  const is = (name: string) => async (): Promise<true | undefined> =>
    (await findInstance(context, id))?.State?.Name === name ? true : undefined;
  const before = (await findInstance(context, id))?.State?.Name;
  const ran = before === "running" || before === "pending";
  if (ran) {
    context.say(`stopping ${id} for a change that a running instance can't take`);
    await context.ec2("StopInstances", { InstanceIds: [id] });
    await until(context, `instance ${id} to stop`, is("stopped"));
  }
  try {
    await change();
  } finally {
    if (ran) {
      await context.ec2("StartInstances", { InstanceIds: [id] });
      await until(context, `instance ${id} to run again`, is("running"));
    }
  }
}

async function setProfile(context: AwsContext, id: string, profile: string | undefined): Promise<void> {
  const { IamInstanceProfileAssociations: associations } = await context.ec2(
    "DescribeIamInstanceProfileAssociations",
    {
      Filters: [{ Name: "instance-id", Values: [id] }],
    },
  );
  const current = associations?.find(
    (association) => association.State === "associated" || association.State === "associating",
  );
  const wanted =
    profile === undefined || profile === ""
      ? undefined
      : profile.startsWith("arn:")
        ? { Arn: profile }
        : { Name: profile };
  if (wanted && current) {
    await context.ec2("ReplaceIamInstanceProfileAssociation", {
      AssociationId: current.AssociationId,
      IamInstanceProfile: wanted,
    });
  } else if (wanted) {
    await context.ec2("AssociateIamInstanceProfile", { InstanceId: id, IamInstanceProfile: wanted });
  } else if (current) {
    await context.ec2("DisassociateIamInstanceProfile", { AssociationId: current.AssociationId });
  }
}

async function setRoot(context: AwsContext, id: string, news: InstanceInputs, state: Values): Promise<void> {
  const olds = isValues(state["rootBlockDevice"]) ? state["rootBlockDevice"] : {};
  const wanted = news.rootBlockDevice ?? {};
  const volumeId = need(textOf(olds, "volumeId") || undefined, "the root volume's id");
  const size = {
    Size: wanted.volumeSize,
    VolumeType: wanted.volumeType as "gp3" | undefined,
    Iops: wanted.iops,
    Throughput: wanted.throughput,
  };
  const same =
    (wanted.volumeSize ?? olds["volumeSize"]) === olds["volumeSize"] &&
    (wanted.volumeType ?? olds["volumeType"]) === olds["volumeType"] &&
    (wanted.iops ?? olds["iops"]) === olds["iops"] &&
    (wanted.throughput ?? olds["throughput"]) === olds["throughput"];
  if (!same) await context.ec2("ModifyVolume", { VolumeId: volumeId, ...size });
  const keep = wanted.deleteOnTermination ?? true;
  if (keep !== olds["deleteOnTermination"]) {
    const mapping = { DeviceName: textOf(olds, "deviceName"), Ebs: { DeleteOnTermination: keep } };
    await context.ec2("ModifyInstanceAttribute", { InstanceId: id, BlockDeviceMappings: [mapping] });
  }
  const { set, unset } = tagChanges({ ...context.defaultTags, ...wanted.tags }, olds["tagsAll"]);
  if (unset.length > 0)
    await context.ec2("DeleteTags", { Resources: [volumeId], Tags: unset.map((Key) => ({ Key })) });
  if (Object.keys(set).length > 0)
    await context.ec2("CreateTags", { Resources: [volumeId], Tags: toAws(set) });
}

async function setSecondary(context: AwsContext, news: InstanceInputs, state: Values): Promise<void> {
  const eni = textOf(state, "primaryNetworkInterfaceId");
  const before = Array.isArray(state["secondaryPrivateIps"]) ? state["secondaryPrivateIps"].map(String) : [];
  const after = news.secondaryPrivateIps ?? [];
  const [add, remove] = [
    after.filter((ip) => !before.includes(ip)),
    before.filter((ip) => !after.includes(ip)),
  ];
  if (remove.length > 0)
    await context.ec2("UnassignPrivateIpAddresses", { NetworkInterfaceId: eni, PrivateIpAddresses: remove });
  if (add.length > 0)
    await context.ec2("AssignPrivateIpAddresses", { NetworkInterfaceId: eni, PrivateIpAddresses: add });
}
