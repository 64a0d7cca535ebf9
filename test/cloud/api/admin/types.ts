export type { ChangeEvent } from "../../model/events";

/** The account in which everything happens: moto's. */
export const ACCOUNT_ID = "123456789012";

/** The key pair of the lab: an administrator. Made up; it opens nothing but this cloud. */
export const LAB_CREDENTIALS = {
  accessKeyId: "AKIAFAILOVERLAB00000",
  secretAccessKey: "only-for-the-offline-cloud-0000000000000",
} as const;

/** One call in the audit log. */
export interface AuditEntry {
  /** Counts from 1 without gaps. */
  n: number;
  /** When it arrived, ISO 8601. */
  time: string;
  /** ARN of who called; `anonymous` for an unknown access key. */
  principal: string;
  service: string;
  action: string;
  region: string;
  /** Flat names; secrets are left out, long values are cut. */
  parameters: Record<string, string>;
  /** `ok` or the error code. */
  result: string;
  /** The HTTP status; 0 if the reply was withheld. */
  status: number;
  ms: number;
  /** How many calls to moto it took: 0 = answered by the gateway alone. */
  moto: number;
  /** The faults that were applied, by kind. */
  faults?: string[];
  /** Why an action was refused or changed nothing, if the answer has a message. */
  message?: string;
}

/**
 * - `error`: answered with the code; nothing is applied
 * - `lost-reply`: applied, then the connection is closed without an answer
 * - `delay`: answered `ms` later than otherwise, applied at once
 * - `slow`: applied `ms` later than otherwise
 * - `stale`: a read shows what it showed before the last change
 */
export type FaultKind = "error" | "lost-reply" | "delay" | "slow" | "stale";

export interface FaultSpec {
  kind: FaultKind;
  /** Such as `ReplaceRoute`; `*` is any. */
  action: string;
  /** Such as `ec2`. Default: any. */
  service?: string;
  /** The first call (of those that match, counted from when the fault was set) that it hits. Default 1. */
  nth?: number;
  /** How many calls in a row it hits. Default 1; `unlimited` = until it is removed. */
  count?: number | "unlimited";
  /** Only calls with these parameters, by flat name. */
  match?: Record<string, string>;
  /** The error's code, for `error`. Default `InternalError`. */
  code?: string;
  message?: string;
  status?: number;
  /** For `delay` and `slow`. */
  ms?: number;
}

export interface Fault extends FaultSpec {
  id: string;
  /** Calls that matched so far. */
  seen: number;
  /** Calls that it hit. */
  fired: number;
}

export interface Health {
  ok: boolean;
  /** Made anew at each start: another id is another, empty cloud. */
  cloudId: string;
  pid: number;
  moto: { alive: boolean; pid: number; death?: string };
  startedAt: string;
}

/** Credentials as the instance metadata service answers them. */
export interface ImdsCredentials {
  Code: "Success";
  LastUpdated: string;
  Type: "AWS-HMAC";
  AccessKeyId: string;
  SecretAccessKey: string;
  Token: string;
  Expiration: string;
}
