/** A VPC and what is in it. Names are those of the EC2 API. */

export interface Vpc {
  readonly id: string;
  /** All blocks of the VPC, the primary one first. */
  readonly cidrBlocks: readonly string[];
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly cidrBlock: string;
  /** The Name tag; empty if there is none. */
  readonly name: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Whether it is the VPC's main one, which serves the subnets that are associated with none. */
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
}

export interface Route {
  readonly destinationCidrBlock: string;
  readonly state: "active" | "blackhole";
  readonly target: RouteTarget;
}

export interface RouteTarget {
  readonly kind:
    "local" | "network-interface" | "internet-gateway" | "nat-gateway" | "transit-gateway" | "other";
  /** Empty for `local`. */
  readonly id: string;
}

export interface NetworkInterface {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly macAddress: string;
  /** The private addresses, the primary one first. */
  readonly addresses: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly securityGroupIds: readonly string[];
  /** `interface`, or what AWS made it for, such as `nat_gateway`. */
  readonly interfaceType: string;
  /** The Elastic IP that is associated with the primary address; empty if there is none. */
  readonly publicIp: string;
  readonly attachment?: NetworkInterfaceAttachment;
}

export interface NetworkInterfaceAttachment {
  readonly id: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly status: "attaching" | "attached" | "detaching" | "detached";
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** Who may use a protocol, on which ports. */
export interface SecurityGroupRule {
  /** `tcp`, `udp`, `icmp`, a protocol's number, or `-1` for all. */
  readonly protocol: string;
  /** For ICMP the type; -1 is any. Without meaning where the protocol has no ports. */
  readonly fromPort: number;
  /** For ICMP the code; -1 is any. */
  readonly toPort: number;
  readonly cidrBlocks: readonly string[];
  /** Groups whose interfaces may. */
  readonly securityGroupIds: readonly string[];
  /** Whom else it names: IPv6 blocks, prefix lists. */
  readonly others: readonly string[];
}

export interface InternetGateway {
  readonly id: string;
  readonly vpcIds: readonly string[];
}

export interface NatGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly state: string;
  readonly privateIp: string;
  readonly publicIp: string;
}
