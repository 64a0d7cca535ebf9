import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { assumeRoleByEc2, partitionOf, type PolicyDocument } from "../iam/policy.plan";
import { describeProblems } from "../network/problem.plan";
import { latestImage } from "./image";
import { Node } from "./node";
import { nodeScripts } from "./node-scripts";
import type { PairService } from "./pair-settings";
import { PairSettings } from "./pair-settings-resource";
import { architectureOf, type NodeSystem } from "./systems.plan";
import { planUserData, type UserDataArgs } from "./user-data.plan";

/** Where a node stands. */
export interface NodePlace {
  readonly subnetId: pulumi.Input<string>;
  /** Availability zone of the subnet. */
  readonly zone: string;
  /** Fixed private address, within the subnet. */
  readonly privateIp: string;
}

/** What identifies a service of the pair: its kind, and the inputs that are known before there are nodes. */
export type PairServiceArgs = Pick<PairService, "kind" | "region"> &
  Readonly<Record<string, pulumi.Input<string>>>;

export interface FloatingInterfacePlace {
  readonly privateIp: string;
  /** Block of the interface's subnet. */
  readonly subnetCidr: string;
  readonly macAddress: pulumi.Input<string>;
}

export interface HaPairArgs {
  region: string;
  vpcId: pulumi.Input<string>;
  /** The nodes by name, in order of preference. */
  places: Readonly<Record<string, NodePlace>>;
  system: NodeSystem;
  /** EC2 instance type; costs by the hour, twice. */
  instanceType: string;
  rootVolumeGiB: number;
  /** Newest machine image for an instance type. @default looked up for each node */
  imageOf?: (instanceType: string) => pulumi.Output<string>;
  /** EC2 key pair. @default none */
  keyName?: string;
  /** TCP port of the demo responder. */
  servicePort: number;
  /** Ranges that may use the service and ping the nodes. */
  clientCidrs: readonly string[];
  /** Ranges that may use SSH. */
  adminCidrs: readonly string[];
  /** Overlay address as a host route; turns the source/dest check off. @default none */
  overlayAddress?: string;
  /**
   * The services that the pair has, by what identifies them. A node that has one of them is not taken down by a change of
   * settings. @default none
   */
  services?: readonly PairServiceArgs[];
  /** Named profile of the AWS configuration, by which it is found out who has a service. @default the SDK's usual credentials */
  profile?: pulumi.Input<string>;
  /** The interface that floats between the nodes, for the policy routing on them. @default none */
  floatingInterface?: FloatingInterfacePlace;
  tags: Record<string, string>;
}

/** Two (or more) nodes that can stand in for each other, with one role and one security group. */
export class HaPair extends pulumi.ComponentResource {
  readonly nodes: Readonly<Record<string, Node>>;
  readonly securityGroupId: pulumi.Output<string>;

  private readonly name: string;
  private readonly args: HaPairArgs;
  private readonly role: iam.Role;

  constructor(name: string, args: HaPairArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:nodes:HaPair", name, {}, opts);
    this.name = name;
    this.args = args;

    this.role = this.createRole();
    const profile = this.createProfile();
    const group = this.createSecurityGroup();
    const settings = this.createSettings();
    this.nodes = this.createNodes(profile, group, settings);
    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  /** Lets the nodes do what a policy document says; the resource's name is `<pair>-<name>`. */
  allow(name: string, document: pulumi.Input<PolicyDocument>): void {
    const policy = pulumi.output(document).apply((value) => JSON.stringify(value));
    new iam.RolePolicy(`${this.name}-${name}`, { role: this.role.id, policy }, { parent: this });
  }

  private tagged(): Record<string, string> {
    return { ...this.args.tags, Name: this.name };
  }

  private createRole(): iam.Role {
    const assumeRolePolicy = JSON.stringify(assumeRoleByEc2(partitionOf(this.args.region)));
    return new iam.Role(this.name, { assumeRolePolicy, tags: this.tagged() }, { parent: this });
  }

  private createProfile(): iam.InstanceProfile {
    return new iam.InstanceProfile(
      this.name,
      { role: this.role.name, tags: this.tagged() },
      { parent: this },
    );
  }

  private createSecurityGroup(): ec2.SecurityGroup {
    const { clientCidrs, adminCidrs, servicePort } = this.args;
    const tcp = (port: number, cidrs: readonly string[], description: string) => ({
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrBlocks: [...cidrs],
      description,
    });
    return new ec2.SecurityGroup(
      this.name,
      {
        vpcId: this.args.vpcId,
        description: `Nodes of ${this.name}`,
        ingress: [
          tcp(servicePort, clientCidrs, "service"),
          tcp(22, adminCidrs, "ssh"),
          {
            protocol: "icmp",
            fromPort: -1,
            toPort: -1,
            cidrBlocks: [...clientCidrs],
            description: "ping, path MTU",
          },
          { protocol: "-1", fromPort: 0, toPort: 0, self: true, description: "between the nodes" },
        ],
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], description: "all" }],
        tags: this.tagged(),
      },
      { parent: this },
    );
  }

  private createSettings(): PairSettings {
    const { region, profile, vpcId, places, services = [], instanceType, keyName } = this.args;
    const wanted = { instanceType, ...(keyName === undefined ? {} : { keyName }) };
    return new PairSettings(
      this.name,
      { region, profile, vpcId, names: Object.keys(places), wanted, services: pulumi.output([...services]) },
      { parent: this },
    );
  }

  private createNodes(
    profile: iam.InstanceProfile,
    group: ec2.SecurityGroup,
    settings: PairSettings,
  ): Record<string, Node> {
    const { places, system, instanceType, rootVolumeGiB, overlayAddress, tags } = this.args;
    const imageOf = this.args.imageOf ?? ((type: string) => latestImage(system, type, { parent: this }));
    const image = imageOf(instanceType);
    // While a pair is being changed, a node may still have a type of another architecture.
    const imageFor = (type: string): pulumi.Output<string> =>
      architectureOf(type) === architectureOf(instanceType) ? image : imageOf(type);
    const entries = Object.entries(places).map(([nodeName, place]): [string, Node] => [
      nodeName,
      new Node(
        `${this.name}-${nodeName}`,
        {
          displayName: nodeName,
          subnetId: place.subnetId,
          zone: place.zone,
          privateIp: place.privateIp,
          imageId: settings.of(nodeName).apply(({ instanceType: type }) => imageFor(type)),
          instanceType: settings.of(nodeName).instanceType,
          rootVolumeGiB,
          keyName: settings.of(nodeName).apply(({ keyName }) => keyName),
          userData: this.userData(nodeName),
          securityGroupIds: [group.id],
          instanceProfile: profile.name,
          sourceDestCheck: overlayAddress === undefined,
          tags,
        },
        { parent: this },
      ),
    ]);
    return Object.fromEntries(entries);
  }

  private userData(nodeName: string): pulumi.Input<string> {
    const { system, servicePort, overlayAddress, floatingInterface } = this.args;
    const plan = (floatingEni?: UserDataArgs["floatingEni"]): string => {
      const text = planUserData({
        system,
        nodeName,
        servicePort,
        overlayAddress,
        floatingEni,
        scripts: nodeScripts(),
      });
      if (text.ok) return text.value;
      throw new pulumi.InputPropertyError({
        propertyPath: `places.${nodeName}`,
        reason: `its user data cannot be made:\n${describeProblems(text.problems)}`,
      });
    };
    if (floatingInterface === undefined) return plan();
    const { privateIp: address, subnetCidr, macAddress } = floatingInterface;
    return pulumi.output(macAddress).apply((mac) => plan({ address, subnetCidr, macAddress: mac }));
  }
}
