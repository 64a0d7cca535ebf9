import type * as pulumi from "@pulumi/pulumi";
import { CheckoutResource } from "../loader/checkout-resource";
import type { Location, Place } from "./moves/contract";
import type { Kind, Movement, ServiceInputs } from "./service";

export interface ServiceResourceArgs {
  /** What the mechanism of the kind moves; see `moves/`. */
  service: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  active?: pulumi.Input<string>;
  initial: string;
  places?: pulumi.Input<pulumi.Input<string>[]>;
  profile?: pulumi.Input<string>;
}

/** The resource whose update is a failover; `Kind` is its type: `pulumi-nodejs:dynamic/failover:<Kind>`. */
export class ServiceResource extends CheckoutResource {
  /** The node that has the service, as far as the engine knows: undefined when none has, or more than one. */
  declare readonly activeNode: pulumi.Output<string | undefined>;
  declare readonly location: pulumi.Output<Location["state"]>;
  declare readonly where: pulumi.Output<Place[]>;
  declare readonly lastMove: pulumi.Output<Movement | undefined>;

  constructor(kind: Kind, name: string, args: ServiceResourceArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs: Record<Exclude<keyof ServiceInputs, "activeNode">, unknown> = {
      places: [],
      active: undefined,
      profile: undefined,
      ...args,
    };
    const outputs = { activeNode: undefined, location: undefined, where: undefined, lastMove: undefined };
    super("failover", kind, name, { ...inputs, ...outputs }, opts);
  }
}
