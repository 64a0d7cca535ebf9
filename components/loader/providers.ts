/** The providers of the dynamic resources. Pulumi's process for dynamic providers loads this file, by `checkout.cjs`. */
import { bootProvider } from "../dns/boot";
import { handlersOf } from "../failover/handlers";
import type { Kind } from "../failover/service";

/** The last part of a dynamic resource's type. */
export type ProviderKind = Kind | "ForwarderBoot";

export function providerOf(kind: ProviderKind): object {
  return kind === "ForwarderBoot" ? bootProvider() : handlersOf(kind);
}
