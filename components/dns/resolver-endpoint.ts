import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "./accepted";
import { dnsSecurityGroup } from "./dns-security-group";
import { clientProblems, placeProblems } from "./places.plan";

/** An address of the endpoint. */
export interface ResolverPlace {
  readonly subnetId: pulumi.Input<string>;
  /** Availability zone of the subnet. */
  readonly zone: string;
  /** Fixed private address, within the subnet. */
  readonly privateIp: string;
}

export interface ResolverEndpointArgs {
  vpcId: pulumi.Input<string>;
  /** Two to six addresses by name, in at least two availability zones. Each costs by the hour. */
  places: Readonly<Record<string, ResolverPlace>>;
  /** Blocks that may ask: the intranet's. */
  clientCidrs: readonly string[];
  tags: Record<string, string>;
}

/**
 * A Route 53 Resolver inbound endpoint: AWS's managed alternative to the BIND forwarders. The corporate DNS forwards to
 * its addresses, and it answers what the VPC's own resolver would, private zone included; there is nothing to patch or
 * to restart, but neither an ACL, nor a log of one's own.
 *
 * Cost: $0.125 an hour for each address, so about $180 a month for two, and $0.40 per million queries (us-east-1).
 * It answers up to 10,000 queries a second for each address.
 */
export class ResolverEndpoint extends pulumi.ComponentResource {
  readonly endpointId: pulumi.Output<string>;
  /** What the corporate DNS forwards to, in the order given. */
  readonly addresses: readonly string[];

  constructor(name: string, args: ResolverEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:dns:ResolverEndpoint", name, {}, opts);
    const places = Object.entries(args.places);
    refuse(`the Resolver endpoint ${name}`, [
      ...placeProblems(places, "address"),
      ...clientProblems(args.clientCidrs, "clientCidrs"),
    ]);
    const tags = { ...args.tags, Name: name };
    const group = dnsSecurityGroup(
      name,
      { vpcId: args.vpcId, description: `DNS to ${name}`, clientCidrs: args.clientCidrs, tags },
      { parent: this },
    );
    const endpoint = new route53.ResolverEndpoint(
      name,
      {
        name,
        direction: "INBOUND",
        securityGroupIds: [group.id],
        ipAddresses: places.map(([, { subnetId, privateIp }]) => ({ subnetId, ip: privateIp })),
        tags,
      },
      { parent: this },
    );
    this.endpointId = endpoint.id;
    this.addresses = places.map(([, { privateIp }]) => privateIp);
    this.registerOutputs({ endpointId: this.endpointId, addresses: this.addresses });
  }
}
