import { type Instance } from "@aws-sdk/client-ec2";
import { type Prior } from "../../../frame/definition";
import { isValues, type Values } from "../../../frame/values";
import { type AwsContext, need } from "../../context";
import { tagState } from "../../tags";

export async function findInstance(
  context: AwsContext,
  id: string,
): Promise<(Instance & { owner: string }) | undefined> {
  const reservation = (await context.ec2("DescribeInstances", { InstanceIds: [id] })).Reservations?.[0];
  const it = reservation?.Instances?.[0];
  return it && { ...it, owner: need(reservation?.OwnerId, "the reservation's owner") };
}

export async function instanceState(
  context: AwsContext,
  id: string,
  prior: Prior,
): Promise<Values | undefined> {
  const it = await findInstance(context, id);
  if (!it || it.State?.Name === "terminated") return undefined;
  const attribute = (
    Attribute: "userData" | "disableApiTermination" | "disableApiStop" | "instanceInitiatedShutdownBehavior",
  ) => context.ec2("DescribeInstanceAttribute", { InstanceId: id, Attribute });
  const [userData, noTermination, noStop, shutdown, root, credits] = await Promise.all([
    attribute("userData"),
    attribute("disableApiTermination"),
    attribute("disableApiStop"),
    attribute("instanceInitiatedShutdownBehavior"),
    rootDevice(context, it, prior),
    creditsOf(context, id, prior),
  ]);
  const interfaces = it.NetworkInterfaces ?? [];
  const primary = interfaces.find((eni) => eni.Attachment?.DeviceIndex === 0);
  const metadata = it.MetadataOptions;
  const profile = it.IamInstanceProfile?.Arn;
  return {
    id,
    arn: `arn:${context.partition}:ec2:${context.region}:${it.owner}:instance/${id}`,
    ami: it.ImageId,
    instanceType: it.InstanceType,
    instanceState: it.State?.Name,
    instanceLifecycle: it.InstanceLifecycle ?? "",
    spotInstanceRequestId: it.SpotInstanceRequestId ?? "",
    outpostArn: "",
    passwordData: "",
    subnetId: it.SubnetId ?? "",
    availabilityZone: it.Placement?.AvailabilityZone,
    tenancy: it.Placement?.Tenancy ?? "default",
    keyName: it.KeyName ?? "",
    privateIp: it.PrivateIpAddress ?? "",
    privateDns: it.PrivateDnsName ?? "",
    publicIp: it.PublicIpAddress ?? "",
    publicDns: it.PublicDnsName ?? "",
    associatePublicIpAddress: (it.PublicIpAddress ?? "") !== "",
    secondaryPrivateIps: (primary?.PrivateIpAddresses ?? [])
      .filter((a) => a.Primary === false)
      .map((a) => a.PrivateIpAddress),
    ipv6Addresses: [],
    ipv6AddressCount: 0,
    primaryNetworkInterfaceId: primary?.NetworkInterfaceId ?? "",
    networkInterfaces: named(prior, "networkInterfaces") ?? [],
    primaryNetworkInterface: named(prior, "primaryNetworkInterface"),
    vpcSecurityGroupIds: (it.SecurityGroups ?? []).map((group) => group.GroupId),
    securityGroups: [],
    // The profile's name: the last part of its ARN, after the path.
    iamInstanceProfile: profile === undefined ? "" : nameOrArn(prior, profile),
    sourceDestCheck: primary?.SourceDestCheck ?? it.SourceDestCheck,
    ebsOptimized: it.EbsOptimized ?? false,
    monitoring: it.Monitoring?.State === "enabled" || it.Monitoring?.State === "pending",
    disableApiTermination: noTermination.DisableApiTermination?.Value ?? false,
    disableApiStop: noStop.DisableApiStop?.Value ?? false,
    instanceInitiatedShutdownBehavior: shutdown.InstanceInitiatedShutdownBehavior?.Value ?? "stop",
    ...userDataState(userData.UserData?.Value, prior),
    creditSpecification: credits,
    metadataOptions: {
      httpEndpoint: metadata?.HttpEndpoint ?? "enabled",
      httpTokens: metadata?.HttpTokens ?? "optional",
      httpPutResponseHopLimit: metadata?.HttpPutResponseHopLimit ?? 1,
      httpProtocolIpv6: metadata?.HttpProtocolIpv6 ?? "disabled",
      instanceMetadataTags: metadata?.InstanceMetadataTags ?? "disabled",
    },
    rootBlockDevice: root,
    ebsBlockDevices: [],
    ephemeralBlockDevices: [],
    ...tagState(context, it.Tags, prior.inputs),
  };
}

/** Given only if the program gave it: both are "computed" in the official provider, and describe what it asked for. */
const named = (prior: Prior, name: string): unknown => prior.inputs[name] ?? prior.state[name];

function nameOrArn(prior: Prior, arn: string): string {
  return prior.inputs["iamInstanceProfile"] === arn ? arn : (arn.split("/").pop() ?? arn);
}

/** In clear text since version 7, unless the program gave base64. */
function userDataState(value: string | undefined, prior: Prior): Values {
  if (value === undefined || value === "") return { userData: "", userDataBase64: "" };
  const encoded = prior.inputs["userDataBase64"] !== undefined || prior.state["userDataBase64"] === value;
  return encoded
    ? { userData: "", userDataBase64: value }
    : { userData: Buffer.from(value, "base64").toString("utf8") };
}

async function creditsOf(context: AwsContext, id: string, prior: Prior): Promise<Values | undefined> {
  const asked = prior.inputs["creditSpecification"] ?? prior.state["creditSpecification"];
  if (asked === undefined) return undefined;
  const { InstanceCreditSpecifications } = await context.ec2("DescribeInstanceCreditSpecifications", {
    InstanceIds: [id],
  });
  return { cpuCredits: InstanceCreditSpecifications?.[0]?.CpuCredits };
}

async function rootDevice(context: AwsContext, it: Instance, prior: Prior): Promise<Values | undefined> {
  const mapping =
    it.BlockDeviceMappings?.find((device) => device.DeviceName === it.RootDeviceName) ??
    it.BlockDeviceMappings?.[0];
  const volumeId = mapping?.Ebs?.VolumeId;
  if (volumeId === undefined) return undefined;
  const volume = (await context.ec2("DescribeVolumes", { VolumeIds: [volumeId] })).Volumes?.[0];
  const inputs = prior.inputs["rootBlockDevice"];
  return {
    deviceName: mapping?.DeviceName,
    deleteOnTermination: mapping?.Ebs?.DeleteOnTermination ?? false,
    volumeId,
    encrypted: volume?.Encrypted ?? false,
    kmsKeyId: volume?.KmsKeyId ?? "",
    volumeSize: volume?.Size,
    volumeType: volume?.VolumeType,
    iops: volume?.Iops ?? 0,
    throughput: volume?.Throughput ?? 0,
    ...tagState(context, volume?.Tags, isValues(inputs) ? inputs : {}),
  };
}
