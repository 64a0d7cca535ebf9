import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

/** Where a forwarder stands. */
export interface ForwarderPlace {
  readonly subnetId: pulumi.Input<string>;
  /** Availability zone of the subnet. */
  readonly zone: string;
  /** Fixed private address, within the subnet: the corporate DNS forwards to it. */
  readonly privateIp: string;
}

export interface ForwarderInstanceArgs {
  /** What the Name tag says, e.g. forwarder1. */
  displayName: string;
  place: ForwarderPlace;
  imageId: pulumi.Input<string>;
  instanceType: string;
  rootVolumeGiB: number;
  keyName?: string;
  userData: string;
  securityGroupId: pulumi.Input<string>;
  /** Whether other boot instructions replace the instance; else they wait for the next replacement. */
  replaceOnChange: boolean;
  tags: Record<string, string>;
}

/**
 * One forwarder, hardened: IMDSv2 only, encrypted root volume, no public address, and no role, for it calls no AWS API.
 */
export function forwarderInstance(
  name: string,
  args: ForwarderInstanceArgs,
  opts: pulumi.CustomResourceOptions,
): ec2.Instance {
  const tags = { ...args.tags, Name: args.displayName };
  return new ec2.Instance(
    name,
    {
      ami: args.imageId,
      instanceType: args.instanceType,
      subnetId: args.place.subnetId,
      privateIp: args.place.privateIp,
      associatePublicIpAddress: false,
      vpcSecurityGroupIds: [args.securityGroupId],
      keyName: args.keyName,
      userData: args.userData,
      userDataReplaceOnChange: args.replaceOnChange,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: args.rootVolumeGiB, tags },
      tags,
    },
    {
      ...opts,
      // A newer image must not replace forwarders in passing: `pulumi up --replace <urn>`, one after the other.
      ignoreChanges: args.replaceOnChange ? ["ami"] : ["ami", "userData"],
      // The address is fixed, so the old instance has to give it up first.
      deleteBeforeReplace: true,
    },
  );
}
