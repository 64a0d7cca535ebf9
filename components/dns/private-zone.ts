import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

export interface PrivateZoneArgs {
  /** Domain of the zone, e.g. awslab.mycompany.corp. */
  name: string;
  /** The VPC that the zone answers in. */
  vpcId: pulumi.Input<string>;
  region: string;
  tags: Record<string, string>;
}

/** A private hosted zone: answered by the resolver of its VPC, and by nobody else. $0.50 a month. */
export class PrivateZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  readonly zoneName: string;

  constructor(name: string, args: PrivateZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:dns:PrivateZone", name, {}, opts);
    const zone = new route53.Zone(
      name,
      {
        name: args.name,
        comment: "Services that fail over by name",
        vpcs: [{ vpcId: args.vpcId, vpcRegion: args.region }],
        // Records that this stack did not make would go with the zone.
        forceDestroy: false,
        tags: { ...args.tags, Name: args.name },
      },
      { parent: this },
    );
    this.zoneId = zone.zoneId;
    this.zoneName = args.name;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}
