import * as pulumi from "@pulumi/pulumi";
import { ServiceResource } from "./service-resource";
import type { Kind } from "./service";

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
export abstract class ServiceComponent<Candidate extends object> extends pulumi.ComponentResource {
  /** Names of the nodes; the first one gets the service when the stack is built. */
  readonly candidates: readonly string[];
  readonly activeNode: pulumi.Output<string | undefined>;

  protected constructor(
    kind: Kind,
    name: string,
    args: ServiceComponentArgs,
    nodes: Readonly<Record<string, Resolved<Candidate>>>,
    service: Record<string, pulumi.Input<unknown>>,
    places: pulumi.Input<pulumi.Input<string>[]>,
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
    const resource = new ServiceResource(
      kind,
      name,
      { service: { ...service, region, candidates: pulumi.output(nodes) }, initial, active, places, profile },
      { parent: this },
    );
    this.activeNode = resource.activeNode;
  }
}
