import type * as pulumi from "@pulumi/pulumi";
import type { NameCandidate } from "./moves";
import { ServiceComponent, type ServiceComponentArgs } from "../../service-component";

/** A node that a service name can point to. */
export interface NamedNode {
  readonly instanceId: pulumi.Input<string>;
  readonly privateIp: pulumi.Input<string>;
}

export interface ServiceNameArgs extends ServiceComponentArgs {
  /** Private hosted zone that the name is in. */
  zoneId: pulumi.Input<string>;
  /** Full name, e.g. myservice.awslab.mycompany.corp. */
  serviceName: string;
  /** Seconds for which clients keep the answer: what a failover costs them at most, beside the move itself. */
  ttl: number;
  /** The VPC whose resolver has to know the name. */
  vpcId: pulumi.Input<string>;
  /** The nodes by name; the first one gets the name when the stack is built. */
  nodes: Readonly<Record<string, NamedNode>>;
}

/** A name in a private hosted zone whose A record leads to the active node. The record is the move's alone. */
export class ServiceName extends ServiceComponent<NameCandidate> {
  readonly serviceName: string;

  constructor(name: string, args: ServiceNameArgs, opts?: pulumi.ComponentResourceOptions) {
    const { zoneId, serviceName, ttl, vpcId } = args;
    const candidates = Object.fromEntries(
      Object.entries(args.nodes).map(([node, { instanceId, privateIp }]) => [
        node,
        { instanceId, address: privateIp },
      ]),
    );
    super(
      "ServiceName",
      name,
      args,
      candidates,
      { hostedZoneId: zoneId, name: serviceName, ttl, vpcId },
      opts,
    );
    this.serviceName = serviceName;
    this.registerOutputs({ serviceName });
  }
}
