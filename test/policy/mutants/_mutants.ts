/** The lab with exactly one mistake each. */
import { Eip } from "@pulumi/aws/ec2";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { types } from "../../../policy/lib/types";
import { change, ingress, instance, type Mutant, permission, service, userData } from "./_changes";

export interface Case {
  /** The rule that has to refuse it, and no other. */
  readonly rule: string;
  readonly message: RegExp;
  readonly mutant: Mutant;
}

const table = "arn:aws:ec2:us-east-1:123456789012:route-table/rtb-0123";
const subnetOf = (name: string, subnet: string): Mutant =>
  instance(name, (_props, seen) => ({ subnetId: seen.output(types.subnet, subnet) }));

/** By name of the mistake. */
export const cases: Readonly<Record<string, Case>> = {
  "overlay inside the VPC": {
    rule: "overlay-outside-vpc",
    message: /OverlayIp overlay routes 10\.0\.200\.1\/32, which is inside the VPC's block 10\.0\.0\.0\/16/,
    mutant: service(types.overlayIp, "overlay", () => ({ destination: "10.0.200.1/32" })),
  },
  "a route table forgotten": {
    rule: "overlay-route-in-every-table",
    message: /OverlayIp overlay has no route to 192\.168\.10\.1\/32 in RouteTable lab-zone-b/,
    mutant: change(types.overlayIp, "overlay", (_props, seen) => ({
      routeTableIds: [seen.output(types.routeTable, "lab-zone-a")],
    })),
  },
  "source/dest check left on": {
    rule: "source-dest-check-off",
    message: /Instance overlay-pair-node2 has source\/dest check on/,
    mutant: instance("overlay-pair-node2", () => ({ sourceDestCheck: true })),
  },
  "source/dest check off for nothing": {
    rule: "source-dest-check-on-elsewhere",
    message: /Instance eni-pair-node-a has source\/dest check off/,
    mutant: instance("eni-pair-node-a", () => ({ sourceDestCheck: false })),
  },
  "overlay pair in one zone": {
    rule: "overlay-pair-two-zones",
    message: /OverlayIp overlay has all of its 2 nodes in us-east-1a/,
    mutant: subnetOf("overlay-pair-node2", "lab-service-a"),
  },
  "ENI pair in two zones": {
    rule: "eni-pair-one-zone",
    message: /FloatingEni eni has its interface and nodes in us-east-1a and us-east-1b/,
    mutant: subnetOf("eni-pair-node-b", "lab-management-b"),
  },
  "one candidate": {
    rule: "two-candidates",
    message: /ServiceName dns has one candidate only/,
    mutant: service(types.serviceName, "dns", () => ({ "node:node2": undefined })),
  },
  "TTL of an hour": {
    rule: "failover-name-ttl",
    message: /ServiceName dns has a TTL of 3600 s\. Remedy: set it to 60 s or less/,
    mutant: service(types.serviceName, "dns", () => ({ ttl: 3600 })),
  },
  "service port closed": {
    rule: "candidates-admit-service",
    message:
      /Instance overlay-pair-node\d is a candidate whose security groups let clients reach no port but SSH's/,
    mutant: ingress("overlay-pair", (blocks) => blocks.filter((block) => block.description !== "service")),
  },
  "service port of the floating ENI closed": {
    rule: "candidates-admit-service",
    message: /NetworkInterface floating-eni is a candidate/,
    mutant: ingress("floating-eni", (blocks) => blocks.filter((block) => block.description !== "service")),
  },
  "private zone public": {
    rule: "private-zone-private",
    message: /Zone private-zone is a public zone/,
    mutant: change(types.zone, "private-zone", () => ({ vpcs: undefined })),
  },
  "DNS hostnames off": {
    rule: "vpc-dns-on",
    message: /Vpc lab has enableDnsHostnames off/,
    mutant: change(types.vpc, "lab", () => ({ enableDnsHostnames: false })),
  },
  "both forwarders in one zone": {
    rule: "forwarders-two-zones",
    message: /Instance forwarders-forwarder\d and all other forwarders are in us-east-1a/,
    mutant: subnetOf("forwarders-forwarder2", "lab-management-a"),
  },
  "SSH open to the world": {
    rule: "no-world-open-ports",
    message: /SecurityGroup overlay-pair opens port 22 to 0\.0\.0\.0\/0/,
    mutant: ingress("overlay-pair", (blocks) => [
      ...blocks,
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
    ]),
  },
  "DNS open to the world by a rule of its own": {
    rule: "no-world-open-ports",
    message: /SecurityGroupIngressRule dns-for-all opens port 53 to ::\/0/,
    mutant: {
      add: (seen) => {
        const securityGroupId = seen.output(types.securityGroup, "forwarders") as pulumi.Output<string>;
        const port = { fromPort: 53, toPort: 53, ipProtocol: "udp", cidrIpv6: "::/0" };
        new SecurityGroupIngressRule("dns-for-all", { securityGroupId, ...port });
      },
    },
  },
  "forward first": {
    rule: "named-conf-closed",
    message: /Instance forwarders-forwarder1 brings \S+named\.conf, which has forward first in its options/,
    mutant: userData("forwarders-forwarder1", (text) => text.replaceAll("forward only;", "forward first;")),
  },
  "DNS over UDP only": {
    rule: "dns-udp-and-tcp",
    message: /SecurityGroup forwarders opens port 53 for udp only/,
    mutant: ingress("forwarders", (blocks) =>
      blocks.filter((block) => block.fromPort !== 53 || block.protocol !== "tcp"),
    ),
  },
  IMDSv1: {
    rule: "imdsv2-required",
    message: /Instance overlay-pair-node1 has metadataOptions\.httpTokens "optional"/,
    mutant: instance("overlay-pair-node1", (props) => ({
      metadataOptions: { ...(props.metadataOptions as object), httpTokens: "optional" },
    })),
  },
  "metadata for containers": {
    rule: "imds-hop-limit",
    message: /Instance overlay-pair-node1 has a hop limit of 3/,
    mutant: instance("overlay-pair-node1", (props) => ({
      metadataOptions: { ...(props.metadataOptions as object), httpPutResponseHopLimit: 3 },
    })),
  },
  "root volume in clear": {
    rule: "root-volume-encrypted",
    message: /Instance overlay-pair-node1 has a root volume that is not encrypted/,
    mutant: instance("overlay-pair-node1", (props) => ({
      rootBlockDevice: { ...(props.rootBlockDevice as object), encrypted: false },
    })),
  },
  "public address at launch": {
    rule: "no-public-ip",
    message: /Instance eni-pair-node-a gets a public address/,
    mutant: instance("eni-pair-node-a", () => ({ associatePublicIpAddress: true })),
  },
  "public address of its own": {
    rule: "no-public-ip",
    message: /Eip loose gives Instance forwarders-forwarder1 a public address/,
    mutant: {
      add: (seen) => {
        const id = seen.output(types.instance, "forwarders-forwarder1") as pulumi.Output<string>;
        new Eip("loose", { domain: "vpc", instance: id, tags: { Lab: "x", Name: "loose" } });
      },
    },
  },
  "all actions": {
    rule: "iam-no-wildcard-action",
    message: /RolePolicy overlay-pair-overlay-ip allows ec2:\* in statement 1/,
    mutant: permission({ Action: "ec2:*", Resource: table }),
  },
  "all resources": {
    rule: "iam-no-wildcard-resource",
    message: /RolePolicy overlay-pair-overlay-ip allows ec2:ReplaceRoute on all resources/,
    mutant: permission({ Action: ["ec2:ReplaceRoute", "ec2:DescribeRouteTables"], Resource: "*" }),
  },
  "an ARN of China": {
    rule: "arn-partition",
    message: /RolePolicy overlay-pair-overlay-ip names arn:aws-cn:\S+, and us-east-1 is in the partition aws/,
    mutant: permission({ Action: "ec2:ReplaceRoute", Resource: table.replace("aws", "aws-cn") }),
  },
  "a password in user data": {
    rule: "no-secrets-in-user-data",
    message: /Instance overlay-pair-node1 has what looks like a value for DB_PASSWORD/,
    mutant: userData("overlay-pair-node1", (text) => `${text}# export DB_PASSWORD=correct-horse\n`),
  },
  "a tag forgotten": {
    rule: "required-tags",
    message: /Subnet lab-service-a has no tag Lab/,
    mutant: change(types.subnet, "lab-service-a", () => ({ tags: { Name: "lab-service-a" } })),
  },
};
