import test from "ava";
import { credentialFault, type Kind, kindOf } from "../../../components/failover/core/errors";
import { remedyFor } from "../../../components/failover/core/remedies";

const aws = (name: string, metadata: object = {}): Error =>
  Object.assign(new Error("what AWS says"), { name, $metadata: metadata });

/** Every error that AWS, the SDK or the system is known for: what it means, and what helps. */
const errors: readonly (readonly [error: Error, kind: Kind, remedy: RegExp])[] = [
  ...["Throttling", "RequestLimitExceeded", "PriorRequestNotComplete", "SlowDown"].map(
    (code) => [aws(code), "throttled", /wait a minute/] as const,
  ),
  ...["UnauthorizedOperation", "AccessDenied", "AuthFailure", "OptInRequired"].map(
    (code) => [aws(code), "denied", /allow ec2:Look for these credentials/] as const,
  ),
  ...["ExpiredToken", "ExpiredTokenException", "RequestExpired"].map(
    (code) => [aws(code), "denied", /get new credentials/] as const,
  ),
  ...["CredentialsProviderError", "TokenProviderError"].map(
    (code) => [aws(code), "denied", /^then try again$/] as const,
  ),
  // The SDK has set its clock by the reply: what is sent now is in time.
  [aws("RequestExpired", { clockSkewCorrected: true }), "unsent", /try again/],
  [aws("RequestTimeTooSkewed", { clockSkewCorrected: true }), "unsent", /try again/],
  [aws("SignatureDoesNotMatch", { clockSkewCorrected: true }), "unsent", /try again/],
  [Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), "unsent", /network/],
  [Object.assign(new Error("lookup"), { code: "ENOTFOUND" }), "unsent", /AWS_ENDPOINT_URL/],
  [Object.assign(new Error("reset"), { code: "ECONNRESET" }), "unanswered", /try again/],
  [aws("InternalError"), "unanswered", /try again/],
  [aws("Whatever", { httpStatusCode: 503 }), "unanswered", /try again/],
  [aws("InvalidVpcID.NotFound"), "gone", /check the id/],
  [aws("NoSuchHostedZone"), "gone", /check the id/],
  [aws("InvalidParameterValue"), "impossible", /remove what AWS names/],
];

for (const [error, kind, remedy] of errors) {
  const skewed = (error as { $metadata?: { clockSkewCorrected?: boolean } }).$metadata?.clockSkewCorrected;
  const name = `${error.name} ${(error as { code?: string }).code ?? ""}${skewed ? "after a corrected clock" : ""}`;
  test(`${name.trim()} ${error.message}: ${kind}, and its remedy`, (t) => {
    t.is(kindOf(error), kind);
    t.regex(remedyFor(error, { permission: "ec2:Look" }), remedy);
  });
}

test("every kind is among them", (t) => {
  const kinds: Kind[] = ["throttled", "unsent", "unanswered", "denied", "gone", "impossible"];
  t.deepEqual([...new Set(errors.map(([, kind]) => kind))].sort(), kinds.sort());
});

test("nobody is told to check the endpoint for what the endpoint has answered", (t) => {
  for (const [error, kind] of errors.filter(([, found]) => found !== "unsent"))
    t.notRegex(remedyFor(error, { permission: "ec2:Look" }), /ENDPOINT|network/, `${error.name}, ${kind}`);
});

test("a session that is over and a want of permission are told apart", (t) => {
  t.is(credentialFault(aws("RequestExpired")), "expired");
  t.is(credentialFault(aws("UnauthorizedOperation")), undefined);
});
