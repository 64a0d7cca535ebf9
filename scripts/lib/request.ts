import type { Patience } from "./patience";
import type { Service } from "./services";
import type { Target } from "./target";

/** What a failover is asked to do. */
export interface Request {
  readonly place: Target;
  readonly service: Service;
  readonly node: string;
  readonly bound: Patience;
  /** Makes the line of the stack's history. @param from the node that had the service, as far as the state knows */
  readonly message: (from: string | undefined) => string;
}
