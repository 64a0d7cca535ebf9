import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";

export interface FloatingInterfaceArgs {
  vpcId: pulumi.Input<string>;
  /** The service subnet; nodes that are to have the interface stand in its availability zone. */
  subnetId: pulumi.Input<string>;
  /** Fixed private address, within the subnet: what clients use. */
  privateIp: string;
  /** TCP port of the service, and the only one that is open. */
  servicePort: number;
  /** Ranges that may use the service. */
  clientCidrs: readonly string[];
  tags: Record<string, string>;
}

/** The network interface that floats between nodes, with a security group narrower than theirs. */
export class FloatingInterface extends pulumi.ComponentResource {
  readonly networkInterfaceId: pulumi.Output<string>;
  /** By which a node's system recognises the interface when it is attached. */
  readonly macAddress: pulumi.Output<string>;
  readonly privateIp: string;

  constructor(name: string, args: FloatingInterfaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:failover:FloatingInterface", name, {}, opts);
    const tags = { ...args.tags, Name: name };
    const cidrBlocks = [...args.clientCidrs];
    const { servicePort } = args;
    const group = new ec2.SecurityGroup(
      name,
      {
        vpcId: args.vpcId,
        description: `Clients of ${name}`,
        ingress: [
          { protocol: "tcp", fromPort: servicePort, toPort: servicePort, cidrBlocks, description: "service" },
          { protocol: "icmp", fromPort: 3, toPort: 4, cidrBlocks, description: "path MTU" },
        ],
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks, description: "answers" }],
        tags,
      },
      { parent: this },
    );
    const networkInterface = new ec2.NetworkInterface(
      name,
      {
        subnetId: args.subnetId,
        privateIps: [args.privateIp],
        securityGroups: [group.id],
        description: `Floats between nodes: ${name}`,
        tags,
      },
      // The address is fixed, so the old interface has to give it up first.
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkInterfaceId = networkInterface.id;
    this.macAddress = networkInterface.macAddress;
    this.privateIp = args.privateIp;
    this.registerOutputs({ networkInterfaceId: this.networkInterfaceId });
  }
}
