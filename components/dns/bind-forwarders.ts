import type * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { latestImage } from "../nodes/image";
import { type NodeSystem } from "../nodes/systems.plan";
import { accepted, refuse } from "./accepted";
import { ForwarderBoot } from "./boot-resource";
import { dnsSecurityGroup } from "./dns-security-group";
import { type ForwarderPlace, forwarderInstance } from "./forwarder-instance";
import { NAMED_DIRECTORY, planForwarderUserData } from "./forwarder-user-data.plan";
import { planNamedConf } from "./named-conf.plan";
import { clientProblems, placeProblems } from "./places.plan";
import { type ForwarderConnection, rollOut } from "./roll-out";

export interface BindForwardersArgs {
  /** AWS region, e.g. us-east-1: it decides how instances are named. */
  region: string;
  vpcId: pulumi.Input<string>;
  vpcCidr: string;
  /** The VPC's resolver, its base address + 2. */
  resolver: string;
  /** The private hosted zone, e.g. awslab.mycompany.corp. */
  privateZone: string;
  /** Blocks of the corporate network, which may ask and use SSH; the VPC may ask too. */
  intranetCidrs: readonly string[];
  /** The forwarders by name, e.g. forwarder1 and forwarder2, in at least two availability zones. */
  places: Readonly<Record<string, ForwarderPlace>>;
  /** SLES needs a way to its package servers (egress); Amazon Linux finds its packages through the S3 endpoint. */
  system: NodeSystem;
  /** EC2 instance type; costs by the hour, for each forwarder. */
  instanceType: string;
  /** Size of the encrypted root volume in GiB. */
  rootVolumeGiB: number;
  /** Machine image. @default the newest one of the system */
  imageId?: pulumi.Input<string>;
  /** EC2 key pair. @default none */
  keyName?: string;
  /**
   * How to reach running forwarders over SSH. With it, a change of `named.conf` is rolled out to them: checked, put into
   * service, asked for, and taken back if it does not answer. Without it, a change replaces the instances.
   * @default none
   */
  connection?: ForwarderConnection;
  /** Named profile of the AWS configuration that waits for a replaced forwarder. @default the SDK's usual credentials */
  profile?: string;
  tags: Record<string, string>;
}

/** A forwarder as other people need to know it. */
export interface Forwarder {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
}

/**
 * Two BIND servers with fixed addresses in two availability zones. The corporate DNS forwards the private zone to them,
 * and they ask the VPC's resolver, which answers nobody outside of the VPC.
 *
 * Whatever changes, it changes the first one, and the second one only when the first is back: a bad change never takes
 * both down.
 */
export class BindForwarders extends pulumi.ComponentResource {
  readonly forwarders: readonly Forwarder[];
  /** Text of `/etc/named.conf`, the same on each. */
  readonly namedConf: string;

  private readonly name: string;
  private readonly args: BindForwardersArgs;

  constructor(name: string, args: BindForwardersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:dns:BindForwarders", name, {}, opts);
    this.name = name;
    this.args = args;

    this.namedConf = this.plan();
    const group = this.createSecurityGroup();
    const imageId = args.imageId ?? latestImage(args.system, args.instanceType, { parent: this });
    this.createForwarders(group, imageId);

    this.forwarders = Object.entries(args.places).map(([forwarder, { zone, privateIp }]) => ({
      name: forwarder,
      zone,
      address: privateIp,
    }));
    this.registerOutputs({ forwarders: this.forwarders, namedConf: this.namedConf });
  }

  private plan(): string {
    const { region, vpcCidr, resolver, privateZone, intranetCidrs, places, system } = this.args;
    const conf = planNamedConf({
      clients: [...intranetCidrs, vpcCidr],
      resolver,
      privateZone,
      region,
      vpcCidr,
      directory: NAMED_DIRECTORY[system],
    });
    refuse(`the forwarders ${this.name}`, [
      ...placeProblems(Object.entries(places), "forwarder"),
      ...clientProblems(intranetCidrs, "intranetCidrs"),
      // What is wrong with a client is in one of the lists that it comes from.
      ...(conf.ok ? [] : conf.problems.filter(({ key }) => !key?.startsWith("clients["))),
    ]);
    return accepted(`the forwarders ${this.name}`, conf);
  }

  private createSecurityGroup(): ec2.SecurityGroup {
    const { vpcId, vpcCidr, intranetCidrs, tags } = this.args;
    return dnsSecurityGroup(
      this.name,
      {
        vpcId,
        description: `DNS to ${this.name}`,
        clientCidrs: [...intranetCidrs, vpcCidr],
        adminCidrs: intranetCidrs,
        tags: { ...tags, Name: this.name },
      },
      { parent: this },
    );
  }

  /** Each depends on the one before it, in the state that it is in after this update. */
  private createForwarders(group: ec2.SecurityGroup, imageId: pulumi.Input<string>): void {
    const { places, region, profile, instanceType, rootVolumeGiB, keyName, connection, tags } = this.args;
    const userData = accepted(`the forwarders ${this.name}`, planForwarderUserData(this.namedConf));
    let before: pulumi.Resource[] = [];
    for (const [displayName, place] of Object.entries(places)) {
      const name = `${this.name}-${displayName}`;
      const opts = { parent: this, dependsOn: before };
      const instance = forwarderInstance(
        name,
        {
          displayName,
          place,
          imageId,
          instanceType,
          rootVolumeGiB,
          keyName,
          userData,
          securityGroupId: group.id,
          replaceOnChange: connection === undefined,
          tags,
        },
        opts,
      );
      const instanceId = instance.id;
      before = [
        instance,
        new ForwarderBoot(name, { name: displayName, region, profile, instanceId, instanceType }, opts),
      ];
      if (connection !== undefined) {
        const forwarder = { name: displayName, address: place.privateIp };
        const { namedConf } = this;
        const zone = this.args.privateZone;
        before.push(
          rollOut(
            name,
            { forwarder, connection, namedConf, zone, instanceId },
            { parent: this, dependsOn: before },
          ),
        );
      }
    }
  }
}
