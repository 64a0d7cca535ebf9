/** The providers of the dynamic resources. Pulumi's process for dynamic providers loads this file, by `checkout.cjs`. */
import type { Kind } from "../failover/mechanisms";
import { bootProvider } from "../dns/boot";
import { handlersOf } from "../failover/provider/handlers";
import { detachedMover, type MoverCommand } from "../failover/mover/client";
import { pairSettingsProvider } from "../nodes/pair-settings";

/** The last part of a dynamic resource's type. */
export type ProviderKind = Kind | "ForwarderBoot" | "PairSettings";

export function providerOf(kind: ProviderKind, mover: MoverCommand): object {
  if (kind === "ForwarderBoot") return bootProvider();
  if (kind === "PairSettings") return pairSettingsProvider();
  const { move, warmUp } = detachedMover(kind, mover);
  return handlersOf(kind, move, warmUp);
}
