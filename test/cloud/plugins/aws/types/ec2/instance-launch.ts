import { type RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { errorCode, messageOf } from "../../../frame/errors";
import { type In } from "../../../frame/fields";
import { pauseFor } from "../../../frame/wait";
import { type AwsContext, need } from "../../context";
import { type Tags, tagSpecs } from "../../tags";
import { type instanceFields } from "./instance-fields";

export type InstanceInputs = In<typeof instanceFields> & { readonly tagsAll?: Tags };

export async function launchInput(
  context: AwsContext,
  inputs: InstanceInputs,
): Promise<RunInstancesCommandInput> {
  const profile = inputs.iamInstanceProfile;
  const primary = inputs.primaryNetworkInterface;
  const interfaces = primary
    ? [{ DeviceIndex: 0, NetworkInterfaceId: primary.networkInterfaceId }]
    : (inputs.networkInterfaces ?? []).map((it) => ({
        DeviceIndex: it.deviceIndex,
        NetworkInterfaceId: it.networkInterfaceId,
        NetworkCardIndex: it.networkCardIndex,
        DeleteOnTermination: it.deleteOnTermination,
      }));
  const volumeTags = { ...context.defaultTags, ...inputs.rootBlockDevice?.tags };
  const specs = [...(tagSpecs("instance", inputs.tagsAll) ?? []), ...(tagSpecs("volume", volumeTags) ?? [])];
  return {
    MinCount: 1,
    MaxCount: 1,
    ImageId: inputs.ami,
    InstanceType: inputs.instanceType as RunInstancesCommandInput["InstanceType"],
    KeyName: inputs.keyName,
    UserData: userDataOf(inputs),
    IamInstanceProfile:
      profile === undefined ? undefined : profile.startsWith("arn:") ? { Arn: profile } : { Name: profile },
    DisableApiTermination: inputs.disableApiTermination,
    DisableApiStop: inputs.disableApiStop,
    InstanceInitiatedShutdownBehavior: inputs.instanceInitiatedShutdownBehavior as
      "stop" | "terminate" | undefined,
    Monitoring: inputs.monitoring === undefined ? undefined : { Enabled: inputs.monitoring },
    EbsOptimized: inputs.ebsOptimized,
    Placement:
      inputs.availabilityZone === undefined && inputs.tenancy === undefined
        ? undefined
        : {
            AvailabilityZone: inputs.availabilityZone,
            Tenancy: inputs.tenancy as "default" | "dedicated" | "host" | undefined,
          },
    CreditSpecification:
      inputs.creditSpecification?.cpuCredits === undefined
        ? undefined
        : { CpuCredits: inputs.creditSpecification.cpuCredits },
    MetadataOptions: metadata(inputs.metadataOptions),
    BlockDeviceMappings: inputs.rootBlockDevice ? [await rootDevice(context, inputs)] : undefined,
    TagSpecifications: specs.length > 0 ? specs : undefined,
    ...(interfaces.length > 0 ? { NetworkInterfaces: interfaces } : network(inputs)),
  };
}

/** A choice about a public address can only be made for an interface; without one, the subnet's setting holds. */
function network(inputs: InstanceInputs): Partial<RunInstancesCommandInput> {
  if (inputs.associatePublicIpAddress === undefined && inputs.secondaryPrivateIps === undefined) {
    return {
      SubnetId: inputs.subnetId,
      PrivateIpAddress: inputs.privateIp,
      SecurityGroupIds: inputs.vpcSecurityGroupIds,
    };
  }
  return {
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        AssociatePublicIpAddress: inputs.associatePublicIpAddress,
        SubnetId: inputs.subnetId,
        PrivateIpAddress: inputs.privateIp,
        Groups: inputs.vpcSecurityGroupIds,
        PrivateIpAddresses: inputs.secondaryPrivateIps?.map((PrivateIpAddress) => ({
          PrivateIpAddress,
          Primary: false,
        })),
      },
    ],
  };
}

type Metadata = InstanceInputs["metadataOptions"];

export function metadata(options: Metadata): RunInstancesCommandInput["MetadataOptions"] {
  if (!options) return undefined;
  return {
    HttpEndpoint: options.httpEndpoint as "enabled" | undefined,
    HttpTokens: options.httpTokens as "required" | undefined,
    HttpPutResponseHopLimit: options.httpPutResponseHopLimit,
    HttpProtocolIpv6: options.httpProtocolIpv6 as "enabled" | undefined,
    InstanceMetadataTags: options.instanceMetadataTags as "enabled" | undefined,
  };
}

/** The name of the root device is the image's. */
async function rootDevice(context: AwsContext, inputs: InstanceInputs) {
  const ami = need(inputs.ami, "ami: set it, as rootBlockDevice needs the image's root device");
  const image = need(
    (await context.ec2("DescribeImages", { ImageIds: [ami] })).Images?.[0],
    `the image ${ami}`,
  );
  const { rootBlockDevice: root = {} } = inputs;
  const name = image.RootDeviceName ?? "/dev/xvda";
  const own = image.BlockDeviceMappings?.find((device) => device.DeviceName === name)?.Ebs;
  return {
    DeviceName: name,
    Ebs: {
      DeleteOnTermination: root.deleteOnTermination ?? true,
      Encrypted: root.encrypted,
      KmsKeyId: root.kmsKeyId,
      VolumeSize: root.volumeSize ?? own?.VolumeSize,
      VolumeType: root.volumeType as "gp3" | undefined,
      Iops: root.iops,
      Throughput: root.throughput,
    },
  };
}

export function userDataOf(inputs: Pick<InstanceInputs, "userData" | "userDataBase64">): string | undefined {
  if (inputs.userData !== undefined && inputs.userData !== "")
    return Buffer.from(inputs.userData, "utf8").toString("base64");
  return inputs.userDataBase64;
}

const PROFILE_LIMIT = 120_000;

/** A new instance profile takes a while to be known to EC2 (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html). */
export async function launch(context: AwsContext, input: RunInstancesCommandInput): Promise<string> {
  const started = Date.now();
  for (let pause = 250; ; pause = Math.min(pause * 2, 5000)) {
    try {
      const answer = await context.ec2("RunInstances", input);
      return need(answer.Instances?.[0]?.InstanceId, "the instance's id");
    } catch (error) {
      const notYet =
        errorCode(error) === "InvalidParameterValue" &&
        /Invalid IAM Instance Profile/i.test(messageOf(error));
      if (!notYet || Date.now() - started > PROFILE_LIMIT) throw error;
      await pauseFor(context, pause);
    }
  }
}
