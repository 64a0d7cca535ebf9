import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { accepted } from "./accepted";
import { parseZone } from "./zones.plan";

/** A VPC whose resolver is to answer from the zone. */
export interface ZoneVpc {
  readonly vpcId: pulumi.Input<string>;
  /** AWS region of the VPC, e.g. us-east-1. */
  readonly region: string;
}

export interface PrivateZoneArgs extends ZoneVpc {
  /** The zone, e.g. awslab.mycompany.corp. Changing it makes another zone, without the old one's records. */
  readonly name: string;
  /** Shown in the console. @default "Private zone of NAME" */
  readonly comment?: string;
  /** More VPCs of the same account. Each needs DNS support and DNS hostnames switched on. @default none */
  readonly furtherVpcs?: readonly ZoneVpc[];
  /**
   * Whether Pulumi refuses to delete the zone, until the stack is updated without it. @default false
   */
  readonly protect?: boolean;
  readonly tags: Record<string, string>;
}

/**
 * A Route 53 private hosted zone: its names exist for the resolvers of its VPCs, and for nobody else. It costs $0.50 a
 * month; queries from within a VPC are free. Records that others have put into it hold up its deletion.
 */
export class PrivateZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** Without a final dot. */
  readonly name: string;

  constructor(name: string, args: PrivateZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:dns:PrivateZone", name, {}, opts);
    this.name = accepted(`the private zone ${name}`, parseZone(args.name, "name"));
    const zone = new route53.Zone(
      name,
      {
        name: this.name,
        comment: args.comment ?? `Private zone of ${this.name}`,
        vpcs: [args, ...(args.furtherVpcs ?? [])].map(({ vpcId, region }) => ({ vpcId, vpcRegion: region })),
        // A zone with foreign records is somebody's zone.
        forceDestroy: false,
        tags: { ...args.tags, Name: this.name },
      },
      { parent: this, protect: args.protect ?? false },
    );
    this.zoneId = zone.zoneId;
    this.registerOutputs({ zoneId: this.zoneId, name: this.name });
  }
}
