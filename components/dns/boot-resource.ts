import type * as pulumi from "@pulumi/pulumi";
import { CheckoutResource } from "../loader/checkout-resource";
import type { BootInputs } from "./boot";

type BootArgs = { [Key in keyof BootInputs]: pulumi.Input<BootInputs[Key]> };

/**
 * Done when the instance is up again after it was replaced or started anew. What depends on it is changed only then.
 * Status checks say that the system runs, not that it answers: a roll-out over SSH asks named itself.
 */
export class ForwarderBoot extends CheckoutResource {
  constructor(name: string, args: BootArgs, opts: pulumi.CustomResourceOptions) {
    super("dns", "ForwarderBoot", name, { profile: undefined, ...args }, opts);
  }
}
