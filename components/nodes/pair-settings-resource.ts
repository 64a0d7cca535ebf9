import type * as pulumi from "@pulumi/pulumi";
import { CheckoutResource } from "../loader/checkout-resource";
import type { NodeSettings } from "./pair-settings.plan";
import type { PairSettingsInputs } from "./pair-settings";

export type PairSettingsArgs = {
  [Key in Exclude<keyof PairSettingsInputs, "nodes">]: pulumi.Input<pulumi.Unwrap<PairSettingsInputs[Key]>>;
};

/**
 * What each node of a pair is made with. An update that changes it for both reaches the standby only, and the other node
 * in a later update, when it has no service any more.
 */
export class PairSettings extends CheckoutResource {
  declare private readonly nodes: pulumi.Output<Readonly<Record<string, NodeSettings>>>;

  constructor(name: string, args: PairSettingsArgs, opts: pulumi.CustomResourceOptions) {
    super("nodes", "PairSettings", name, { ...args, nodes: undefined }, opts);
  }

  of(node: string): pulumi.Output<NodeSettings> {
    return this.nodes.apply((nodes) => {
      const settings = nodes[node];
      if (settings === undefined) throw new Error(`The settings of the pair have no node ${node}`);
      return settings;
    });
  }
}
