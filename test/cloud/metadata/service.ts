/** The instance metadata service over HTTP, version 2 only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ImdsCredentials } from "../api/admin/types";
import { cachedCredentials } from "./credentials";
import type { InstanceFacts } from "./facts";
import type { IdentitySigner } from "./identity";
import { tree } from "./meta-data";
import { Tokens } from "./tokens";
import { type Branch, type Leaf, LISTING, lookUp } from "./tree";
import { VERSIONS } from "./versions";

export interface MetadataSources {
  /** The instance that has the client's address, as it is now; undefined if nobody has: then nobody answers. */
  readonly instance: (clientAddress: string) => InstanceFacts | undefined;
  /** Fresh credentials of the instance's role. */
  readonly credentials: (instanceId: string) => Promise<ImdsCredentials>;
  readonly signer?: IdentitySigner;
}

/**
 * Makes a metadata service for every instance that asks. A GET without a token of `PUT /latest/api/token` is refused with
 * 401, whatever the instance's `HttpTokens` says; answers carry `Server: EC2ws`, the refused ones, too. How far an answer
 * may travel (`HttpPutResponseHopLimit`) is the network's business: programs cannot see it from here.
 */
export function createMetadataService(sources: MetadataSources): Server {
  const tokens = new Tokens();
  const credentials = cachedCredentials(sources.credentials);
  return createServer((request, response) => {
    const facts = sources.instance((request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""));
    if (facts === undefined) {
      request.socket.destroy();
      return;
    }
    answer({ facts, tokens, credentials, request, ...signerOf(sources) })
      .catch((error: unknown): Answer => {
        console.error(`The metadata service failed at ${request.url ?? ""}:`, error);
        return { status: 500, body: String(error) };
      })
      .then((reply) => {
        send(response, reply);
      }, console.error);
  });
}

function signerOf({ signer }: MetadataSources): { signer?: IdentitySigner } {
  return signer === undefined ? {} : { signer };
}

interface Asked {
  readonly facts: InstanceFacts;
  readonly tokens: Tokens;
  readonly credentials: (facts: InstanceFacts) => Promise<ImdsCredentials>;
  readonly signer?: IdentitySigner;
  readonly request: IncomingMessage;
}

interface Answer {
  status: number;
  body: string | Buffer;
  ttl?: number;
}

const NOTHING = { body: "" };

async function answer({ facts, tokens, credentials, signer, request }: Asked): Promise<Answer> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const now = Date.now();
  if (facts.instance.metadataOptions.httpEndpoint === "disabled") return { status: 403, ...NOTHING };
  if (path === "/latest/api/token") return newToken(facts, tokens, request, now);
  if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, ...NOTHING };
  const left = tokens.left(facts.instance.id, request.headers["x-aws-ec2-metadata-token"], now);
  if (left === undefined) return { status: 401, ...NOTHING };
  const own = tree(facts, {
    credentials: () => credentials(facts),
    ...(signer === undefined ? {} : { signer }),
  });
  const found = path === "/" ? VERSIONS.join("\n") : lookUp(versionsOf(own), path);
  if (found === undefined) return { status: 404, body: NOT_FOUND, ttl: left };
  return { status: 200, body: await textOf(found), ttl: left };
}

/** Every version tells the same: what an older one lacked on AWS does no harm here. */
function versionsOf(own: Branch): Branch {
  const listed = { ...own, [LISTING]: Object.keys(own).sort().join("\n") };
  return Object.fromEntries(VERSIONS.map((version) => [version, listed]));
}

function textOf(leaf: Leaf): Promise<string | Buffer> | string | Buffer {
  return typeof leaf === "function" ? leaf() : leaf;
}

/** EC2 User Guide, "Use the Instance Metadata Service": 403 and 400 as there. */
function newToken(facts: InstanceFacts, tokens: Tokens, request: IncomingMessage, now: number): Answer {
  if (request.method !== "PUT") return { status: 405, ...NOTHING };
  // A token is not given to what came through a proxy.
  if (request.headers["x-forwarded-for"] !== undefined) return { status: 403, ...NOTHING };
  const ttl = request.headers["x-aws-ec2-metadata-token-ttl-seconds"];
  const issued = tokens.issue(facts.instance.id, ttl, now);
  return issued === undefined
    ? { status: 400, ...NOTHING }
    : { status: 200, body: issued.token, ttl: issued.ttl };
}

const NOT_FOUND = `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>404 - Not Found</title>
 </head>
 <body>
  <h1>404 - Not Found</h1>
 </body>
</html>
`;

function send(response: ServerResponse, { status, body, ttl }: Answer): void {
  const type =
    status === 404 ? "text/html" : Buffer.isBuffer(body) ? "application/octet-stream" : "text/plain";
  response.writeHead(status, {
    server: "EC2ws",
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    ...(status === 405 ? { allow: "OPTIONS, PUT" } : {}),
    ...(ttl === undefined ? {} : { "x-aws-ec2-metadata-token-ttl-seconds": String(ttl) }),
  });
  response.end(body);
}
