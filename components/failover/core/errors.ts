/**
 * What an AWS error means for a move. One place, because the codes are many and their meaning decides between trying
 * again, giving up, and taking back.
 */

/**
 * - `throttled`: AWS refused for rate; nothing was applied; try again later.
 * - `unsent`: the request never left this machine, or was turned away for its time stamp alone; try again.
 * - `unanswered`: no reply, or a server error: it may have been applied, now or later; read back, or try again.
 * - `denied`: no permission, or no valid credentials; trying again doesn't help.
 * - `gone`: what the call names doesn't exist (any more).
 * - `impossible`: everything else that AWS refuses.
 */
export type Kind = "throttled" | "unsent" | "unanswered" | "denied" | "gone" | "impossible";

/** A call that got no reply within its time limit. */
export class NoReply extends Error {
  override readonly name = "NoReply";
  constructor(seconds: number) {
    super(`no reply within ${seconds} s`);
  }
}

// Source: EC2 API reference, "Error codes for the Amazon EC2 API"; Route 53 API reference, "Common errors";
// `@smithy/service-error-classification` for what the SDK itself takes for throttling.
const THROTTLED = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "EC2ThrottledException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "BandwidthLimitExceeded",
  "SlowDown",
  // Route 53: one change at a time in a hosted zone.
  "PriorRequestNotComplete",
]);

const DENIED = new Set([
  "UnauthorizedOperation",
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "Blocked",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "NotAuthorized",
  "OptInRequired",
  "PendingVerification",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
  "CredentialsProviderError",
  "TokenProviderError",
  // EC2's word for a session that is over, too. For a clock that is off it's a clock that couldn't be corrected.
  "RequestExpired",
  "RequestTimeTooSkewed",
]);

/** The session's credentials are over. */
const EXPIRED = new Set(["RequestExpired", "ExpiredToken", "ExpiredTokenException"]);

/** There are no credentials at all. The message says why, and what to do. */
const MISSING = new Set(["CredentialsProviderError", "TokenProviderError"]);

const UNANSWERED = new Set([
  "NoReply",
  "AbortError",
  "InternalError",
  "InternalFailure",
  "InternalServiceError",
  "RequestTimeout",
  "ServerInternal",
  "ServiceUnavailable",
  "Unavailable",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
]);

const UNSENT = new Set(["ECONNREFUSED", "EAI_AGAIN", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"]);

const GONE = new Set(["NoSuchHostedZone", "NoSuchChange"]);

/** The error's AWS code (or the system's, for a connection), e.g. `InvalidRouteTableID.NotFound`. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { name, Code, code } = error as { name?: unknown; Code?: unknown; code?: unknown };
  // A connection error's name is "Error" or "AggregateError"; what happened is in `code`.
  const generic = name === undefined || name === "Error" || name === "AggregateError";
  const found = generic ? (code ?? Code ?? name) : name;
  return typeof found === "string" ? found.replace(/^(Client|Server)\./, "") : "unknown error";
}

/** The error in one line for people, e.g. `UnauthorizedOperation: You are not authorized …`. */
export function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const code = codeOf(error);
  return message === "" || message === code ? code : `${code}: ${message}`;
}

export function kindOf(error: unknown): Kind {
  const code = codeOf(error);
  // The clock is off; the SDK has set it by the reply, so that the next attempt passes.
  if (isClockSet(error)) return "unsent";
  if (THROTTLED.has(code)) return "throttled";
  if (DENIED.has(code)) return "denied";
  if (UNSENT.has(code)) return "unsent";
  // `TimeoutError` is the SDK's name both for a connection that wasn't made and for a socket that went silent.
  if (code === "TimeoutError") return /connection/i.test(describe(error)) ? "unsent" : "unanswered";
  if (UNANSWERED.has(code)) return "unanswered";
  if (GONE.has(code) || code.endsWith(".NotFound")) return "gone";
  const status = metadataOf(error)?.httpStatusCode;
  if (status === 429) return "throttled";
  if (status !== undefined && status >= 500) return "unanswered";
  return "impossible";
}

/** Whether the same call may succeed later. */
export function mayPass(kind: Kind): boolean {
  return kind === "throttled" || kind === "unsent" || kind === "unanswered";
}

/** Whether AWS has refused the time of the request, and the SDK has set its clock by the reply. */
export function isClockSet(error: unknown): boolean {
  return metadataOf(error)?.clockSkewCorrected === true;
}

/** With the clock set it was refused again: so it wasn't the clock, and the error means what its code says. */
export function wasNotTheClock(error: unknown): void {
  const metadata = metadataOf(error);
  if (metadata !== undefined) metadata.clockSkewCorrected = false;
}

/** Why nobody was let in, if it wasn't for want of permission. */
export function credentialFault(error: unknown): "expired" | "missing" | undefined {
  const code = codeOf(error);
  if (EXPIRED.has(code)) return "expired";
  return MISSING.has(code) ? "missing" : undefined;
}

interface Metadata {
  httpStatusCode?: number;
  clockSkewCorrected?: boolean;
}

function metadataOf(error: unknown): Metadata | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  return (error as { $metadata?: Metadata }).$metadata;
}
