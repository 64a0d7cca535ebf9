import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

export interface DnsSecurityGroupArgs {
  vpcId: pulumi.Input<string>;
  description: string;
  /** Blocks that may ask, over UDP and TCP: answers that do not fit into a datagram come over TCP (RFC 7766). */
  clientCidrs: readonly string[];
  /** Blocks that may use SSH. @default none */
  adminCidrs?: readonly string[];
  tags: Record<string, string>;
}

/** Lets DNS in, SSH where wanted, and nothing else. */
export function dnsSecurityGroup(
  name: string,
  args: DnsSecurityGroupArgs,
  opts: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  const rule = (protocol: string, port: number, cidrs: readonly string[], description: string) => ({
    protocol,
    fromPort: port,
    toPort: port,
    cidrBlocks: [...cidrs],
    description,
  });
  const { adminCidrs = [], clientCidrs } = args;
  return new ec2.SecurityGroup(
    name,
    {
      vpcId: args.vpcId,
      description: args.description,
      ingress: [
        rule("udp", 53, clientCidrs, "DNS"),
        rule("tcp", 53, clientCidrs, "DNS over TCP"),
        ...(adminCidrs.length > 0 ? [rule("tcp", 22, adminCidrs, "ssh")] : []),
      ],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], description: "all" }],
      tags: args.tags,
    },
    opts,
  );
}
