import * as pulumi from "@pulumi/pulumi";
import type { FloatingInterface } from "./floating-interface";
import type { EniCandidate } from "./moves";
import { ServiceComponent, type ServiceComponentArgs } from "../../service-component";

/** A node that can have the interface. */
export interface EniNode {
  readonly instanceId: pulumi.Input<string>;
  /** Availability zone; an interface cannot leave its own. */
  readonly zone: string;
}

export interface FloatingEniArgs extends ServiceComponentArgs {
  floatingInterface: FloatingInterface;
  vpcId: pulumi.Input<string>;
  /** The nodes by name, all in the interface's zone; the first one gets it when the stack is built. */
  nodes: Readonly<Record<string, EniNode>>;
  /**
   * Whether a detachment that takes too long may be forced. The last resort: the instance is not told, and its device
   * index may stay blocked. @default false
   */
  allowForce?: boolean;
}

/** A network interface with a fixed private address that is attached to the active node. */
export class FloatingEni extends ServiceComponent<EniCandidate> {
  readonly address: string;

  constructor(name: string, args: FloatingEniArgs, opts?: pulumi.ComponentResourceOptions) {
    const zones = new Set(Object.values(args.nodes).map((node) => node.zone));
    if (zones.size > 1) {
      throw new pulumi.InputPropertyError({
        propertyPath: "nodes",
        reason: `an interface cannot leave its availability zone, and the nodes are in ${[...zones].join(" and ")}; place them in one`,
      });
    }
    const { networkInterfaceId, privateIp: address } = args.floatingInterface;
    const { vpcId, allowForce } = args;
    const candidates = Object.fromEntries(
      Object.entries(args.nodes).map(([node, { instanceId }]) => [node, { instanceId }]),
    );
    const force = allowForce === true ? { allowForce } : {};
    super("FloatingEni", name, args, candidates, { networkInterfaceId, vpcId, address, ...force }, opts);
    this.address = address;
    this.registerOutputs({ address });
  }
}
