import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { type AddressPlan, type PlannedAddress, type PlannedSubnet } from "./address.plan";

export interface NetworkArgs {
  /** AWS region, e.g. us-east-1. */
  region: string;
  /** Subnets and fixed addresses, from `planAddresses`. */
  addresses: AddressPlan;
  /**
   * How the private subnets reach the internet. `nat`: one NAT gateway in the first zone, about $33 a month plus
   * $0.045 a GB in us-east-1, and without it the other zone has no egress either. @default "none"
   */
  egress: "none" | "nat";
  /** Tags of every resource; Name is added. */
  tags: Record<string, string>;
}

/** Where an instance or an interface with a fixed address stands. */
export interface Place {
  readonly subnetId: pulumi.Output<string>;
  readonly zone: string;
  readonly privateIp: string;
  /** Block of the subnet. */
  readonly subnetCidr: string;
}

export interface Subnet {
  readonly id: pulumi.Output<string>;
  readonly zone: string;
  readonly cidr: string;
}

/**
 * The VPC: a service and a management subnet per availability zone, a route table per zone, and an S3 gateway endpoint,
 * through which Amazon Linux finds its packages without an internet connection.
 *
 * An overlay IP has a route in *every* route table, so every table's id is an output, the VPC's main one included: a
 * subnet that someone adds later and associates with nothing uses that one.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly vpcCidr: string;
  /** The AWS account that owns the VPC. */
  readonly accountId: pulumi.Output<string>;
  /** By key of the address plan, e.g. `service-a`. */
  readonly subnets: Readonly<Record<string, Subnet>>;
  /** All route tables of the VPC by a stable name, the main one first. */
  readonly routeTables: Readonly<Record<string, pulumi.Output<string>>>;
  /** Their ids, in the same order. */
  readonly routeTableIds: pulumi.Output<string[]>;

  private readonly name: string;
  private readonly args: NetworkArgs;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:network:Network", name, {}, opts);
    this.name = name;
    this.args = args;

    const vpc = this.createVpc();
    const subnets = this.createSubnets(vpc);
    const tables = this.createRouteTables(vpc, subnets);
    this.createStorageEndpoint(vpc, tables);
    if (args.egress === "nat") this.createEgress(vpc, subnets, tables);

    this.vpcId = vpc.id;
    this.accountId = vpc.ownerId;
    this.vpcCidr = args.addresses.vpcCidr;
    this.subnets = Object.fromEntries(
      [...subnets].map(([key, { plan, subnet }]) => [
        key,
        { id: subnet.id, zone: plan.zone, cidr: plan.cidr },
      ]),
    );
    const named = [...tables].map(([key, table]): [string, pulumi.Output<string>] => [key, table.id]);
    this.routeTables = { main: vpc.mainRouteTableId, ...Object.fromEntries(named) };
    this.routeTableIds = pulumi.all(Object.values(this.routeTables));
    this.registerOutputs({ vpcId: this.vpcId, routeTableIds: this.routeTableIds });
  }

  /** A subnet by its key in the address plan. */
  subnet(key: string): Subnet {
    const found = this.subnets[key];
    if (found === undefined) throw new Error(`The network ${this.name} has no subnet ${key}`);
    return found;
  }

  /** The place of an address that the plan has fixed. */
  place({ subnet: key, address: privateIp }: PlannedAddress): Place {
    const { id: subnetId, zone, cidr: subnetCidr } = this.subnet(key);
    return { subnetId, zone, privateIp, subnetCidr };
  }

  private tagged(suffix: string): Record<string, string> {
    return { ...this.args.tags, Name: `${this.name}-${suffix}` };
  }

  private createVpc(): ec2.Vpc {
    return new ec2.Vpc(
      this.name,
      {
        cidrBlock: this.args.addresses.vpcCidr,
        // Both are needed for a private hosted zone to be answered inside the VPC.
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { ...this.args.tags, Name: this.name },
      },
      { parent: this },
    );
  }

  private createSubnets(vpc: ec2.Vpc): Map<string, { plan: PlannedSubnet; subnet: ec2.Subnet }> {
    return new Map(
      this.args.addresses.subnets.map((plan) => {
        const subnet = new ec2.Subnet(
          `${this.name}-${plan.key}`,
          { vpcId: vpc.id, availabilityZone: plan.zone, cidrBlock: plan.cidr, tags: this.tagged(plan.key) },
          // Another zone keeps the block, which the old subnet has to give up first.
          { parent: this, deleteBeforeReplace: true },
        );
        return [plan.key, { plan, subnet }];
      }),
    );
  }

  /** One table per zone (so that each zone can have its own egress), one more for public subnets. */
  private createRouteTables(
    vpc: ec2.Vpc,
    subnets: Map<string, { plan: PlannedSubnet; subnet: ec2.Subnet }>,
  ): Map<string, ec2.RouteTable> {
    const tables = new Map<string, ec2.RouteTable>();
    for (const [key, { plan, subnet }] of subnets) {
      const tableKey = plan.purpose === "public" ? "public" : `zone-${key.slice(key.lastIndexOf("-") + 1)}`;
      const table =
        tables.get(tableKey) ??
        new ec2.RouteTable(
          `${this.name}-${tableKey}`,
          { vpcId: vpc.id, tags: this.tagged(tableKey) },
          { parent: this },
        );
      tables.set(tableKey, table);
      new ec2.RouteTableAssociation(
        `${this.name}-${key}`,
        { routeTableId: table.id, subnetId: subnet.id },
        { parent: this },
      );
    }
    return tables;
  }

  /** Gateway endpoints cost nothing. */
  private createStorageEndpoint(vpc: ec2.Vpc, tables: Map<string, ec2.RouteTable>): void {
    new ec2.VpcEndpoint(
      `${this.name}-s3`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        // In China too: the names that begin with cn.com.amazonaws are those of interface endpoints.
        serviceName: `com.amazonaws.${this.args.region}.s3`,
        routeTableIds: [...tables.values()].map((table) => table.id),
        tags: this.tagged("s3"),
      },
      { parent: this },
    );
  }

  private createEgress(
    vpc: ec2.Vpc,
    subnets: Map<string, { plan: PlannedSubnet; subnet: ec2.Subnet }>,
    tables: Map<string, ec2.RouteTable>,
  ): void {
    const parent = { parent: this };
    const place = subnets.get("public-a");
    if (place === undefined) throw new Error("An address plan with egress nat has a subnet public-a");
    const gateway = new ec2.InternetGateway(
      this.name,
      { vpcId: vpc.id, tags: this.tagged("internet") },
      parent,
    );
    const address = new ec2.Eip(`${this.name}-nat`, { domain: "vpc", tags: this.tagged("nat") }, parent);
    const nat = new ec2.NatGateway(
      this.name,
      { subnetId: place.subnet.id, allocationId: address.allocationId, tags: this.tagged("nat") },
      { parent: this, dependsOn: [gateway] },
    );
    for (const [key, table] of tables) {
      const target = key === "public" ? { gatewayId: gateway.id } : { natGatewayId: nat.id };
      new ec2.Route(
        `${this.name}-${key}-default`,
        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target },
        parent,
      );
    }
  }
}
