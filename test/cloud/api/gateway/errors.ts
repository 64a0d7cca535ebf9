import { randomUUID } from "node:crypto";
import type { Protocol } from "./protocol";
import { jsonReply, xmlReply, type Reply } from "./reply";
import { escapeXml } from "./xml";

/** An error as AWS reports it. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = STATUS[code] ?? 400,
  ) {
    super(message);
    this.name = code;
  }
}

const STATUS: Record<string, number> = {
  AccessDenied: 403,
  AuthFailure: 401,
  UnauthorizedOperation: 403,
  InvalidClientTokenId: 403,
  UnrecognizedClientException: 400,
  DryRunOperation: 412,
  RequestLimitExceeded: 503,
  Unavailable: 503,
  ServiceUnavailable: 503,
  InternalError: 500,
  NoSuchHostedZone: 404,
  NoSuchEntity: 404,
  NotImplementedByTheFakeAws: 501,
};

/** The request cannot be answered faithfully, so it is not answered at all: faithful or loud. */
export function notImplemented(what: string, remedy: string): AwsError {
  return new AwsError(
    "NotImplementedByTheFakeAws",
    `The offline cloud does not implement ${what}. ${remedy}`,
  );
}

/** moto is gone, and with it everything that was created. */
export class CloudDied extends AwsError {
  constructor(why: string) {
    super(
      "FakeAwsDied",
      `The fake AWS died (${why.split("\n").slice(0, 3).join(" ")}), and everything created in it is lost. ` +
        "Start the lab anew: npm run lab:down, then npm run lab.",
      503,
    );
  }
}

/** What EC2 says instead of doing what it would have done. */
export function dryRun(): AwsError {
  return new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
}

/** The error in the shape of the protocol that the client speaks. */
export function errorReply(error: AwsError, protocol: Protocol): Reply {
  const requestId = randomUUID();
  const code = escapeXml(error.code);
  const message = escapeXml(error.message);
  switch (protocol) {
    case "ec2":
      return xmlReply(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code>` +
          `<Message>${message}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
        error.status,
      );
    case "json":
      return jsonReply({ __type: error.code, message: error.message }, error.status);
    default:
      return xmlReply(
        `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}` +
          `</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
        error.status,
      );
  }
}

/** The error code in a reply, or undefined if it reports success. */
export function errorCodeOf(reply: Reply): string | undefined {
  if (reply.status < 400) return undefined;
  const code =
    /<Code>([^<]+)<\/Code>/.exec(reply.body) ?? /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(reply.body);
  return code?.[1] ?? /<InvalidChangeBatch/.exec(reply.body)?.[0].slice(1) ?? `HTTP ${reply.status}`;
}
