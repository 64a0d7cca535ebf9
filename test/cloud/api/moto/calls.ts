import type { Call } from "../gateway/call";
import type { Params } from "../gateway/params";
import { partitionOf } from "../gateway/partition";

const VERSIONS: Record<string, string> = { ec2: "2016-11-15", iam: "2010-05-08" };

/** The call with other parameters. Query protocols only. */
export function withParams(call: Call, params: Params): Call {
  const version = VERSIONS[call.service] ?? "";
  const body = new URLSearchParams({ Action: call.action, Version: version, ...params }).toString();
  const headers = { ...call.headers, "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  return { ...call, method: "POST", path: "/", body, headers };
}

/** The call with another body. JSON only. */
export function withInput(call: Call, input: object): Call {
  return { ...call, input, body: JSON.stringify(input) };
}

/** A query call that the gateway itself makes. */
export function ownCall(service: string, region: string, action: string, params: Params): Call {
  const call: Call = {
    ...{ protocol: "ec2", service, action, region, partition: partitionOf(region), accessKey: undefined },
    ...{ params, input: undefined, method: "POST", path: "/", headers: {}, body: "" },
  };
  return withParams(call, params);
}
