import type { Kind, ServiceInputs } from "../../components/failover/service";

/** What `npm run failover` hands to the reduced program, read from the stack's state. */
export interface FailoverOrder {
  readonly kind: Kind;
  /** Name of the service's component and resource, and its key in the output `services`. */
  readonly name: string;
  readonly inputs: Omit<ServiceInputs, "active" | "activeNode">;
  readonly active: string;
  /** URNs of the resources that the service's resource depends on, so that the state keeps the order of a destroy. */
  readonly dependencies: readonly string[];
  /** The stack's outputs, which a program has to give anew at each update. */
  readonly outputs: { readonly services?: Readonly<Record<string, object>> };
}

/** The environment variable with the order, as JSON. */
export const orderVariable = "FAILOVER_ORDER";

/**
 * The first engine that keeps dependencies on resources which a targeted program does not register. Older ones would
 * write a state that they then refuse; with them a failover runs the whole program.
 */
export const reducedSince = "3.274.1";

/** Type of the component that holds a service's resource. */
export function componentType(kind: Kind): string {
  return `failover-lab:failover:${kind}`;
}
