import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ImdsCredentials } from "./admin/types";

/** What the metadata service knows of an instance; the fields are those of DescribeInstances. */
export interface ImdsFacts {
  instanceId: string;
  imageId: string;
  instanceType: string;
  accountId: string;
  region: string;
  availabilityZone: string;
  privateDnsName: string;
  /** The primary interface first. */
  interfaces: ImdsInterface[];
  /** Name of the instance profile's role, if there is one. */
  role?: string;
}

export interface ImdsInterface {
  id: string;
  mac: string;
  deviceIndex: number;
  addresses: string[];
  subnetId: string;
  vpcId: string;
}

type Tree = { [name: string]: Tree | string };

const LONGEST_TTL_S = 21_600;

/**
 * An instance metadata service, version 2 only: a GET without a token from `PUT /latest/api/token` is refused with
 * 401. Answers carry `Server: EC2ws` as the real ones do.
 *
 * @param credentials of the instance's role, asked for at each request for them
 */
export function createImds(facts: ImdsFacts, credentials: () => Promise<ImdsCredentials>): Server {
  const tokens = new Map<string, number>();
  return createServer((request, response) => {
    answer(facts, credentials, tokens, request)
      .catch((error: unknown): Answer => {
        console.error("IMDS:", error);
        return { status: 500, body: String(error) };
      })
      .then((reply) => {
        send(response, reply);
      }, console.error);
  });
}

interface Answer {
  status: number;
  body: string;
  ttl?: number;
}

async function answer(
  facts: ImdsFacts,
  credentials: () => Promise<ImdsCredentials>,
  tokens: Map<string, number>,
  request: IncomingMessage,
): Promise<Answer> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  if (path === "/latest/api/token") return newToken(tokens, request);
  const token = request.headers["x-aws-ec2-metadata-token"];
  const valid = typeof token === "string" && (tokens.get(token) ?? 0) > Date.now();
  if (!valid) return { status: 401, body: "" };
  const role = /^\/latest\/meta-data\/iam\/security-credentials\/([^/]+)$/.exec(path)?.[1];
  if (role !== undefined && role === facts.role) {
    return { status: 200, body: JSON.stringify(await credentials(), undefined, 2) };
  }
  const found = lookUp(tree(facts), path);
  return found === undefined ? { status: 404, body: "" } : { status: 200, body: found };
}

function newToken(tokens: Map<string, number>, request: IncomingMessage): Answer {
  const ttl = Number(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]);
  if (request.method !== "PUT") return { status: 405, body: "" };
  // A token is not given to what came through a proxy (EC2 User Guide, "Use IMDSv2").
  if (request.headers["x-forwarded-for"] !== undefined) return { status: 403, body: "" };
  if (!Number.isInteger(ttl) || ttl < 1 || ttl > LONGEST_TTL_S) return { status: 400, body: "" };
  const token = Buffer.from(randomUUID()).toString("base64");
  tokens.set(token, Date.now() + ttl * 1000);
  return { status: 200, body: token, ttl };
}

/** A leaf's text, or the names below a branch, one a line, branches with a slash. */
function lookUp(root: Tree, path: string): string | undefined {
  let current: Tree | string | undefined = root;
  for (const step of path.split("/").filter((one) => one !== "")) {
    if (typeof current !== "object") return undefined;
    current = current[step];
  }
  if (typeof current !== "object") return current;
  return Object.entries(current)
    .map(([name, child]) => (typeof child === "object" ? `${name}/` : name))
    .join("\n");
}

function tree(facts: ImdsFacts): Tree {
  const [primary] = facts.interfaces;
  const address = primary?.addresses[0] ?? "";
  const macs = Object.fromEntries(facts.interfaces.map((each) => [each.mac, interfaceTree(each, facts)]));
  const credentials: Tree = facts.role === undefined ? {} : { [facts.role]: "" };
  return {
    latest: {
      "meta-data": {
        "ami-id": facts.imageId,
        hostname: facts.privateDnsName,
        ...(facts.role === undefined ? {} : { iam: { "security-credentials": credentials } }),
        "instance-id": facts.instanceId,
        "instance-type": facts.instanceType,
        "local-hostname": facts.privateDnsName,
        "local-ipv4": address,
        mac: primary?.mac ?? "",
        network: { interfaces: { macs } },
        placement: { "availability-zone": facts.availabilityZone, region: facts.region },
      },
      dynamic: { "instance-identity": { document: identityDocument(facts, address) } },
    },
  };
}

function interfaceTree(each: ImdsInterface, facts: ImdsFacts): Tree {
  return {
    "device-number": String(each.deviceIndex),
    "interface-id": each.id,
    "local-ipv4s": each.addresses.join("\n"),
    mac: each.mac,
    "owner-id": facts.accountId,
    "subnet-id": each.subnetId,
    "vpc-id": each.vpcId,
  };
}

function identityDocument(facts: ImdsFacts, privateIp: string): string {
  const { accountId, availabilityZone, imageId, instanceId, instanceType, region } = facts;
  const document = { accountId, availabilityZone, imageId, instanceId, instanceType, privateIp, region };
  return JSON.stringify({ ...document, version: "2017-09-30" }, undefined, 2);
}

function send(response: ServerResponse, { status, body, ttl }: Answer): void {
  response.writeHead(status, {
    server: "EC2ws",
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(body),
    ...(ttl === undefined ? {} : { "x-aws-ec2-metadata-token-ttl-seconds": String(ttl) }),
  });
  response.end(body);
}
