/** What is in the fake AWS, typed, and its changes. The edges over the cloud (fabric, dns) read nothing else. */
export type * from "./cloud-model";
export type * from "./hosted-zones";
export type * from "./instances";
export type * from "./network";
export type * from "./transit";
export type { ChangeEvent } from "./events";
export { readModel } from "./read";
export { subscribe } from "./subscribe";
export { follow, type Following } from "./follow";
