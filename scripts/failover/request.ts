import type { Patience } from "../lib/patience";
import type { Workspace } from "./workspace";

/** What a failover is asked to do. */
export interface Request {
  readonly workspace: Workspace;
  /** As it was asked for: the service's name, or its URN. */
  readonly service: string;
  readonly node: string;
  readonly bound: Patience;
  /** Makes the line of the stack's history. @param from the node that had the service, as far as the state knows */
  readonly message: (from: string | undefined) => string;
}
