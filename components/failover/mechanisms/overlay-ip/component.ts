import * as pulumi from "@pulumi/pulumi";
import { isHostRoute, parseCidr } from "../../../network/cidr.plan";
import type { OverlayCandidate } from "./moves";
import { ServiceComponent, type ServiceComponentArgs } from "../../service-component";

/** A node that can have an overlay IP. */
export interface OverlayNode {
  readonly instanceId: pulumi.Input<string>;
  /** Its primary interface, with source/dest check off. */
  readonly networkInterfaceId: pulumi.Input<string>;
}

export interface OverlayIpArgs extends ServiceComponentArgs {
  /** The address as a host route, e.g. 192.168.10.1/32. It has to be outside the VPC's CIDR. */
  destination: string;
  vpcId: pulumi.Input<string>;
  /**
   * The VPC's route tables, as far as the program knows them. A move re-points the route in *every* table of the VPC;
   * this list makes an update look again when a table is added.
   */
  routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The nodes by name; the first one gets the address when the stack is built. */
  nodes: Readonly<Record<string, OverlayNode>>;
}

/** An address outside the VPC whose route, in every route table of the VPC, leads to the active node. */
export class OverlayIp extends ServiceComponent<OverlayCandidate> {
  readonly address: string;

  constructor(name: string, args: OverlayIpArgs, opts?: pulumi.ComponentResourceOptions) {
    const address = hostAddress(args.destination);
    const { destination, vpcId, routeTableIds, nodes } = args;
    super("OverlayIp", name, args, candidates(nodes), { destination, vpcId, routeTableIds }, opts);
    this.address = address;
    this.registerOutputs({ address });
  }
}

/** A node may be a component, whose outputs Pulumi does not follow by itself. */
function candidates(nodes: Readonly<Record<string, OverlayNode>>): Record<string, OverlayNode> {
  return Object.fromEntries(
    Object.entries(nodes).map(([node, { instanceId, networkInterfaceId }]) => [
      node,
      { instanceId, networkInterfaceId },
    ]),
  );
}

function hostAddress(destination: string): string {
  const parsed = parseCidr(destination);
  if (parsed.ok && isHostRoute(parsed.value)) return destination.slice(0, destination.indexOf("/"));
  throw new pulumi.InputPropertyError({
    propertyPath: "destination",
    reason: `${destination} is not one address; write it like 192.168.10.1/32`,
  });
}
