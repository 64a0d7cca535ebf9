import { AwsError } from "../gateway/errors";
import type { Call } from "../gateway/call";
import { listParam, type Params } from "../gateway/params";

interface Limits {
  least: number;
  most: number;
  /** A larger number is not refused, but answered with as many as there may be. */
  cut?: boolean;
}

/** What botocore's model leaves to the documentation (EC2 API Reference, the action's page); the rest it has itself. */
const LIMITS: Readonly<Record<string, Limits>> = {
  DescribeImages: { least: 1, most: 1000 },
  DescribeInstanceStatus: { least: 5, most: 1000 },
  DescribeInstances: { least: 5, most: 1000 },
  DescribePrefixLists: { least: 1, most: 1000, cut: true },
  DescribeTags: { least: 5, most: 1000 },
  DescribeVolumes: { least: 5, most: 500, cut: true },
  DescribeVolumesModifications: { least: 1, most: 500, cut: true },
  DescribeVpcEndpoints: { least: 1, most: 1000, cut: true },
};

/** "You cannot specify this parameter and the … IDs parameter in the same request" (the actions' pages). */
const IDS_OR_PAGES: Readonly<Record<string, [param: string, set: string]>> = {
  DescribeInstanceCreditSpecifications: ["InstanceId", "instancesSet"],
  DescribeInstanceStatus: ["InstanceId", "instancesSet"],
  DescribeInstances: ["InstanceId", "instancesSet"],
  DescribeNetworkInterfaces: ["NetworkInterfaceId", "networkInterfaceIdSet"],
};

/** AWS's tokens are opaque; this one is the place to go on from. */
export function paged<T>(items: T[], { action, params }: Call): { page: T[]; nextToken: string } {
  const start = params.NextToken === undefined ? 0 : placeOf(params.NextToken);
  const size = params.MaxResults === undefined ? items.length : sizeOf(action, params);
  const end = start + Math.max(size, 1);
  const nextToken = end < items.length ? Buffer.from(`from:${end}`).toString("base64url") : "";
  return { page: items.slice(start, end), nextToken };
}

function sizeOf(action: string, params: Params): number {
  const [param = "", set = ""] = IDS_OR_PAGES[action] ?? [];
  if (param !== "" && listParam(params, param).length > 0) {
    throw new AwsError(
      "InvalidParameterCombination",
      `The parameter ${set} cannot be used with the parameter maxResults`,
    );
  }
  const size = Number(params.MaxResults);
  const limits = LIMITS[action];
  if (limits === undefined) return size;
  if (size < limits.least || (size > limits.most && limits.cut !== true)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Value ( ${params.MaxResults ?? ""} ) for parameter maxResults is invalid. ` +
        `Expecting a value greater than or equal to ${limits.least} and less than or equal to ${limits.most}.`,
    );
  }
  return Math.min(size, limits.most);
}

function placeOf(token: string): number {
  const place = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1];
  if (place === undefined) throw new AwsError("InvalidNextToken", `The token '${token}' is invalid`);
  return Number(place);
}
