import type { Kind } from "./mechanisms";
import type * as pulumi from "@pulumi/pulumi";
import { CheckoutResource } from "../loader/checkout-resource";
import type { Location, Place } from "./core/contract";
import type { Movement, NodeKey, ServiceInputs } from "./service";

type Given = Omit<ServiceInputs, "activeNode">;

/** The inputs of a service's resource (see `ServiceInputs`), with the nodes' and the mechanism's own beside these. */
export type ServiceResourceArgs = { [Key in keyof Given]: pulumi.Input<Given[Key]> } & {
  readonly [node: NodeKey]: pulumi.Input<Record<string, pulumi.Input<string>>>;
} & Readonly<Record<string, pulumi.Input<unknown>>>;

/** The resource whose update is a failover; `Kind` is its type: `pulumi-nodejs:dynamic/failover:<Kind>`. */
export class ServiceResource extends CheckoutResource {
  /** The node that has the service, as far as the engine knows: undefined when none has, or more than one. */
  declare readonly activeNode: pulumi.Output<string | undefined>;
  declare readonly location: pulumi.Output<Location["state"]>;
  declare readonly where: pulumi.Output<Place[]>;
  declare readonly lastMove: pulumi.Output<Movement | undefined>;

  constructor(kind: Kind, name: string, args: ServiceResourceArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { activeNode: undefined, location: undefined, where: undefined, lastMove: undefined };
    super("failover", kind, name, { ...args, ...outputs }, opts);
  }
}
