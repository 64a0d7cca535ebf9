import type { CloudSettings } from "../settings";
import type { Call } from "./call";
import type { Params } from "./params";
import type { Reply } from "./reply";

/** A call on its way, and what may be asked and told about it. */
export interface Context {
  readonly call: Call;
  readonly settings: Readonly<CloudSettings>;
  /** moto's answer to the call, with other parameters if given (query protocols only). */
  forward(params?: Params): Promise<Reply>;
}

/** What the gateway does with one action beyond passing it on. */
export interface Handler<C extends Context = Context> {
  /** Refuses what AWS refuses, by throwing an AwsError. Changes nothing. Runs for a DryRun too. */
  check?(context: C): Promise<void> | void;
  /** Answers. Default: moto does. */
  run?(context: C): Promise<Reply> | Reply;
}

/** Handlers by `service:action`. An action without one is not implemented: `{}` says that moto's own is right. */
export type Handlers<C extends Context = Context> = Record<string, Handler<C>>;

const READS = /^(Describe|Get|List|Search|Decode)/;

/** Whether the action changes nothing. */
export function isRead(action: string): boolean {
  return READS.test(action);
}
