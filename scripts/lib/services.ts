/** The services that can be failed over, as people name them. */
import type { Kind } from "../../components/failover/mechanisms";

export interface Service {
  /** As on the command line; the name of its resource too. */
  readonly name: string;
  readonly kind: Kind;
  /** Key of the stack's configuration that chooses the node. */
  readonly key: string;
}

export const services: readonly Service[] = [
  { name: "overlay", kind: "OverlayIp", key: "overlayActive" },
  { name: "eni", kind: "FloatingEni", key: "eniActive" },
  { name: "dns", kind: "ServiceName", key: "dnsActive" },
];

export const serviceNames = services.map(({ name }) => name).join(", ");
