import type * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { latestImage } from "../nodes/image";
import { type NodeSystem } from "../nodes/systems.plan";
import { accepted, refuse } from "./accepted";
import { dnsSecurityGroup } from "./dns-security-group";
import { type ForwarderPlace, forwarderInstance } from "./forwarder-instance";
import { NAMED_DIRECTORY, planForwarderUserData } from "./forwarder-user-data.plan";
import { planNamedConf } from "./named-conf.plan";
import { clientProblems, placeProblems } from "./places.plan";

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
  /** EC2 key pair. @default none */
  keyName?: string;
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
    const imageId = latestImage(args.system, args.instanceType, { parent: this });
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

  /** One after the other, so that whatever replaces them leaves one in place. */
  private createForwarders(group: ec2.SecurityGroup, imageId: pulumi.Output<string>): void {
    const { places, instanceType, rootVolumeGiB, keyName, tags } = this.args;
    const userData = accepted(`the forwarders ${this.name}`, planForwarderUserData(this.namedConf));
    let before: pulumi.Resource[] = [];
    for (const [displayName, place] of Object.entries(places)) {
      const instance = forwarderInstance(
        `${this.name}-${displayName}`,
        {
          displayName,
          place,
          imageId,
          instanceType,
          rootVolumeGiB,
          keyName,
          userData,
          securityGroupId: group.id,
          replaceOnChange: true,
          tags,
        },
        { parent: this, dependsOn: before },
      );
      before = [instance];
    }
  }
}
