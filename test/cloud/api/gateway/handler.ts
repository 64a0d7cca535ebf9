import type { Zones } from "../dns/zones";
import type { Ec2Region } from "../ec2/region";
import type { Directory } from "../iam/directory";
import type { Principal, Principals } from "../iam/principals";
import type { Pages } from "../service-model/types";
import type { CloudSettings } from "../settings";
import type { Call } from "./call";
import type { Params } from "./params";
import type { Reply } from "./reply";

/** A call on its way, and what may be asked and told about it. */
export interface Context {
  readonly call: Call;
  readonly settings: Readonly<CloudSettings>;
  /** EC2 in the call's region. */
  readonly ec2: Ec2Region;
  ec2In(region: string): Ec2Region;
  readonly zones: Zones;
  readonly principal: Principal;
  readonly principals: Principals;
  readonly directory: Directory;
  /** The names of the filters that AWS documents for the action. */
  readonly documentedFilters: readonly string[];
  /** How AWS pages the action's answer, if it does. */
  readonly pages: Pages | undefined;
  /** A read is to show what was before the last change. */
  readonly stale: boolean;
  /** moto's answer to the call, with other parameters if given (query protocols only). */
  forward(params?: Params): Promise<Reply>;
  /** moto's answer to a JSON call with another body. */
  forwardInput(input: object): Promise<Reply>;
}

/** What the gateway does with one action beyond passing it on. */
export interface Handler {
  /** Refuses what AWS refuses, by throwing an AwsError. Changes nothing. Runs for a DryRun too. */
  check?(context: Context): Promise<void> | void;
  /** Answers. Default: moto does. */
  run?(context: Context): Promise<Reply> | Reply;
}

/** Handlers by `service:action`. An action without one is not implemented: `{}` says that moto's own is right. */
export type Handlers = Record<string, Handler>;

const READS = /^(Describe|Get|List|Search|Decode)/;

/** Whether the action changes nothing. */
export function isRead(action: string): boolean {
  return READS.test(action);
}
