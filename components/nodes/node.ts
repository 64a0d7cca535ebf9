import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";

export interface NodeArgs {
  /** What the Name tag says, e.g. node1. */
  displayName: string;
  subnetId: pulumi.Input<string>;
  zone: string;
  /** Fixed private address, within the subnet. */
  privateIp: string;
  imageId: pulumi.Input<string>;
  /** EC2 instance type; costs by the hour. */
  instanceType: pulumi.Input<string>;
  /** Size of the encrypted root volume in GiB. */
  rootVolumeGiB: number;
  /** cloud-config text; no secrets, whoever is on the node can read it. */
  userData: pulumi.Input<string>;
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  instanceProfile: pulumi.Input<string>;
  /**
   * Off where the node receives packets for an address that is not its interface's own, as an overlay IP is.
   * @default true
   */
  sourceDestCheck?: boolean;
  /** EC2 key pair. @default none */
  keyName?: pulumi.Input<string | undefined>;
  tags: Record<string, string>;
}

/** One EC2 instance, hardened: IMDSv2 only, encrypted root volume, no public address. */
export class Node extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** The primary interface. */
  readonly networkInterfaceId: pulumi.Output<string>;
  readonly privateIp: pulumi.Output<string>;
  readonly zone: string;

  constructor(name: string, args: NodeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:nodes:Node", name, {}, opts);
    const tags = { ...args.tags, Name: args.displayName };
    const instance = new ec2.Instance(
      name,
      {
        ami: args.imageId,
        instanceType: args.instanceType,
        subnetId: args.subnetId,
        privateIp: args.privateIp,
        associatePublicIpAddress: false,
        sourceDestCheck: args.sourceDestCheck ?? true,
        vpcSecurityGroupIds: args.securityGroupIds,
        iamInstanceProfile: args.instanceProfile,
        keyName: args.keyName as pulumi.Input<string> | undefined,
        userData: args.userData,
        // A hop limit of 1 keeps containers and forwarded packets away from the role's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: args.rootVolumeGiB, tags },
        tags,
      },
      {
        parent: this,
        // A newer image, or other boot instructions, must not replace both nodes of a pair in one update. They take
        // effect node by node: `pulumi up --replace <urn of the standby>`, fail over, then the other one.
        ignoreChanges: ["ami", "userData"],
        // The address is fixed, so the old instance has to give it up first.
        deleteBeforeReplace: true,
      },
    );
    this.instanceId = instance.id;
    this.networkInterfaceId = instance.primaryNetworkInterfaceId;
    this.privateIp = instance.privateIp;
    this.zone = args.zone;
    this.registerOutputs({ instanceId: this.instanceId, networkInterfaceId: this.networkInterfaceId });
  }
}
