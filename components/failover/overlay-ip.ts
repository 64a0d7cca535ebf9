import * as pulumi from "@pulumi/pulumi";
import { isHostRoute, parseCidr } from "../network/cidr.plan";
import type { OverlayIpService } from "./moves/overlay";
import { ServiceResource } from "./service-resource";

/** A node that can have an overlay IP. */
export interface OverlayNode {
  readonly instanceId: pulumi.Input<string>;
  /** Its primary interface, with source/dest check off. */
  readonly networkInterfaceId: pulumi.Input<string>;
}

export interface OverlayIpArgs {
  /** The address as a host route, e.g. 192.168.10.1/32. It has to be outside the VPC's CIDR. */
  destination: string;
  region: string;
  vpcId: pulumi.Input<string>;
  /**
   * The VPC's route tables, as far as the program knows them. A move re-points the route in *every* table of the VPC;
   * this list makes an update look again when a table is added.
   */
  routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The nodes by name; the first one gets the address when the stack is built. */
  nodes: Readonly<Record<string, OverlayNode>>;
  /** Node that is to have the address. Unset: it stays where it is, also after a node took it over by itself. */
  active?: pulumi.Input<string>;
  /** Named profile of the AWS configuration that the move uses. @default the SDK's usual credentials */
  profile?: pulumi.Input<string>;
}

/** An address outside the VPC whose route, in every route table of the VPC, leads to the active node. */
export class OverlayIp extends pulumi.ComponentResource {
  readonly address: string;
  readonly candidates: readonly string[];
  readonly activeNode: pulumi.Output<string | undefined>;

  constructor(name: string, args: OverlayIpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("failover-lab:failover:OverlayIp", name, {}, opts);
    this.candidates = Object.keys(args.nodes);
    this.address = hostAddress(args.destination);
    const [initial] = this.candidates;
    if (initial === undefined) {
      throw new pulumi.InputPropertyError({
        propertyPath: "nodes",
        reason: "is empty; give at least two nodes",
      });
    }
    // A node may be a component, whose outputs Pulumi does not follow by itself.
    const candidates = Object.fromEntries(
      Object.entries(args.nodes).map(([node, { instanceId, networkInterfaceId }]) => [
        node,
        pulumi.output({ instanceId, networkInterfaceId }),
      ]),
    );
    const resource = new ServiceResource<OverlayIpService>(
      "OverlayIp",
      name,
      {
        service: {
          destination: args.destination,
          region: args.region,
          vpcId: args.vpcId,
          candidates: pulumi.output(candidates),
        },
        initial,
        active: args.active,
        places: args.routeTableIds,
        profile: args.profile,
      },
      { parent: this },
    );
    this.activeNode = resource.activeNode;
    this.registerOutputs({ address: this.address });
  }
}

function hostAddress(destination: string): string {
  const parsed = parseCidr(destination);
  if (parsed.ok && isHostRoute(parsed.value)) return destination.slice(0, destination.indexOf("/"));
  throw new pulumi.InputPropertyError({
    propertyPath: "destination",
    reason: `${destination} is not one address; write it like 192.168.10.1/32`,
  });
}
