/** The mechanisms, a line each, by the last part of the type of their services' resources: the only list of them. */
export { overlayIp as OverlayIp } from "./overlay-ip";
export { floatingEni as FloatingEni } from "./floating-eni";
export { serviceName as ServiceName } from "./service-name";
