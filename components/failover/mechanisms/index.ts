/** The mechanisms, by the type of their resources: the only list of them. */
import type { MechanismFacts } from "../core/facts";
import { floatingEni } from "./floating-eni";
import { overlayIp } from "./overlay-ip";
import { serviceName } from "./service-name";

const all = { OverlayIp: overlayIp, FloatingEni: floatingEni, ServiceName: serviceName };

/** Last part of the type of a service's resource. */
export type Kind = keyof typeof all;

export const kinds: Readonly<Record<Kind, MechanismFacts>> = all;
