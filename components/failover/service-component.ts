import type { Kind } from "./mechanisms";
import * as pulumi from "@pulumi/pulumi";
import { ServiceResource } from "./service-resource";
import type { NodeKey } from "./service";
import { nodeKey } from "./provider/states";

/** What the three failover components have in common. */
export interface ServiceComponentArgs {
  /** AWS region, e.g. us-east-1. */
  region: string;
  /** Node that is to have the service. Unset: it stays where it is, also after a node took it over by itself. */
  active?: pulumi.Input<string>;
  /** Named profile of the AWS configuration that the move uses. @default the SDK's usual credentials */
  profile?: pulumi.Input<string>;
}

type Resolved<T> = { [K in keyof T]: pulumi.Input<T[K]> };

/** A service that is on one of several nodes, and the resource whose update moves it. */
export abstract class ServiceComponent<Candidate extends { [Key in keyof Candidate]: string | undefined }>
  extends pulumi.ComponentResource
{
  /** Names of the nodes; the first one gets the service when the stack is built. */
  readonly candidates: readonly string[];
  readonly activeNode: pulumi.Output<string | undefined>;

  protected constructor(
    kind: Kind,
    name: string,
    args: ServiceComponentArgs,
    nodes: Readonly<Record<string, Resolved<Candidate>>>,
    own: Record<string, pulumi.Input<unknown>>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(`failover-lab:failover:${kind}`, name, {}, opts);
    this.candidates = Object.keys(nodes);
    const [initial] = this.candidates;
    if (initial === undefined || this.candidates.length < 2) {
      throw new pulumi.InputPropertyError({
        propertyPath: "nodes",
        reason: `a failover needs at least two nodes, and there is ${initial ?? "none"}; give another one`,
      });
    }
    const { region, active, profile } = args;
    const inputs: Record<NodeKey, Resolved<Candidate>> = {};
    // Each node is a property of its own, made of single outputs: so the engine knows which of them a resource is for.
    for (const [node, candidate] of Object.entries(nodes)) inputs[nodeKey(node)] = candidate;
    const resource = new ServiceResource(
      kind,
      name,
      { ...own, ...inputs, region, initial, active, profile, stack: pulumi.getStack() },
      { parent: this },
    );
    this.activeNode = resource.activeNode;
  }
}
