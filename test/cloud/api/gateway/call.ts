import type { IncomingHttpHeaders } from "node:http";
import { AwsError, notImplemented } from "./errors";
import { flatten, type Params } from "./params";
import { partitionOf } from "./partition";
import { PROTOCOLS, type Protocol } from "./protocol";
import { route53Operation } from "./route53-operations";
import { parseXml } from "./xml";

/** One request, understood. */
export interface Call {
  protocol: Protocol;
  service: string;
  action: string;
  region: string;
  partition: string;
  accessKey: string | undefined;
  /** Every parameter by its flat name: the query's, the path's, and the leaves of a JSON or XML body. */
  params: Params;
  /** The body of a JSON or REST-XML call as a tree. */
  input: unknown;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The access key that moto is told, where it must know whose call it is. */
  motoAccessKey?: string;
}

export interface RawRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Reads a request. @throws AwsError if it is unsigned, or for a service that nobody has vetted. */
export function parseCall(raw: RawRequest): Call {
  const scope = credentialScope(raw);
  if (scope === undefined) {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  }
  const { accessKey, region, service } = scope;
  const protocol = PROTOCOLS[service];
  if (protocol === undefined) {
    const known = Object.keys(PROTOCOLS).join(", ");
    throw notImplemented(
      `the service "${service}"`,
      `It has: ${known}. Add it in test/cloud/api, with a test.`,
    );
  }
  const read = { ec2: readQuery, query: readQuery, json: readJson, "rest-xml": readRestXml }[protocol];
  const { action, params, input } = read(raw);
  return {
    ...raw,
    ...{ protocol, service, action, region, partition: partitionOf(region), accessKey, params, input },
  };
}

/** The credential scope of a signature in the header or, for a presigned request, in the query. */
export function credentialScope(
  raw: RawRequest,
): { accessKey: string; region: string; service: string } | undefined {
  const header = raw.headers.authorization ?? "";
  const presigned = new URL(raw.path, "http://localhost").searchParams.get("X-Amz-Credential");
  const credential = /Credential=([^,\s]+)/.exec(header)?.[1] ?? presigned ?? "";
  const [accessKey, , region, service] = credential.split("/");
  if (accessKey === undefined || region === undefined || service === undefined) return undefined;
  return { accessKey, region, service };
}

interface Read {
  action: string;
  params: Params;
  input: unknown;
}

function readQuery(raw: RawRequest): Read {
  const url = new URL(raw.path, "http://localhost");
  const all = Object.fromEntries([...url.searchParams, ...new URLSearchParams(raw.body)]);
  const action = all.Action;
  if (action === undefined || action === "") {
    throw new AwsError("MissingAction", "The request must contain the parameter Action");
  }
  const notParams = new Set(["Action", "Version"]);
  const kept = Object.entries(all).filter(([name]) => !notParams.has(name) && !name.startsWith("X-Amz-"));
  return { action, params: Object.fromEntries(kept), input: undefined };
}

function readJson(raw: RawRequest): Read {
  const target = raw.headers["x-amz-target"];
  const action = typeof target === "string" ? target.slice(target.indexOf(".") + 1) : "";
  if (action === "") throw new AwsError("MissingAction", "The request has no X-Amz-Target header");
  const input: unknown = raw.body === "" ? {} : JSON.parse(raw.body);
  return { action, params: flatten(input), input };
}

function readRestXml(raw: RawRequest): Read {
  const { action, params } = route53Operation(raw.method, raw.path);
  const document = raw.body === "" ? {} : parseXml(raw.body);
  const input = Object.values(document)[0] ?? {};
  return { action, params: { ...params, ...flatten(input) }, input };
}
