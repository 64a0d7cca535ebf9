import type * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../../../../components/failover/mechanisms";
import {
  ServiceComponent,
  type ServiceComponentArgs,
} from "../../../../components/failover/service-component";

export interface OwnerTagArgs extends ServiceComponentArgs {
  resourceId: pulumi.Input<string>;
  nodes: Readonly<Record<string, { readonly instanceId: pulumi.Input<string> }>>;
}

/** A tag of a resource that names the active node's instance. */
export class OwnerTag extends ServiceComponent<{ instanceId: string }> {
  constructor(name: string, args: OwnerTagArgs, opts?: pulumi.ComponentResourceOptions) {
    const nodes = Object.fromEntries(
      Object.entries(args.nodes).map(([node, { instanceId }]) => [node, { instanceId }]),
    );
    super("OwnerTag" as Kind, name, args, nodes, { resourceId: args.resourceId }, opts);
    this.registerOutputs({});
  }
}
