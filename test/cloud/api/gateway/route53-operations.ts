import { notImplemented } from "./errors";

/** What Route 53's REST paths mean. Only what is listed here is implemented. */
const OPERATIONS: readonly [method: string, path: RegExp, action: string, ...names: string[]][] = [
  ["POST", /^hostedzone$/, "CreateHostedZone"],
  ["GET", /^hostedzone$/, "ListHostedZones"],
  ["GET", /^hostedzonesbyname$/, "ListHostedZonesByName"],
  ["GET", /^hostedzonesbyvpc$/, "ListHostedZonesByVPC"],
  ["GET", /^hostedzonecount$/, "GetHostedZoneCount"],
  ["GET", /^hostedzone\/([^/]+)$/, "GetHostedZone", "Id"],
  ["POST", /^hostedzone\/([^/]+)$/, "UpdateHostedZoneComment", "Id"],
  ["DELETE", /^hostedzone\/([^/]+)$/, "DeleteHostedZone", "Id"],
  ["POST", /^hostedzone\/([^/]+)\/rrset$/, "ChangeResourceRecordSets", "HostedZoneId"],
  ["GET", /^hostedzone\/([^/]+)\/rrset$/, "ListResourceRecordSets", "HostedZoneId"],
  ["POST", /^hostedzone\/([^/]+)\/associatevpc$/, "AssociateVPCWithHostedZone", "HostedZoneId"],
  ["POST", /^hostedzone\/([^/]+)\/disassociatevpc$/, "DisassociateVPCFromHostedZone", "HostedZoneId"],
  ["GET", /^change\/([^/]+)$/, "GetChange", "Id"],
  ["GET", /^tags\/([^/]+)\/([^/]+)$/, "ListTagsForResource", "ResourceType", "ResourceId"],
  ["POST", /^tags\/([^/]+)\/([^/]+)$/, "ChangeTagsForResource", "ResourceType", "ResourceId"],
  ["POST", /^tags\/([^/]+)$/, "ListTagsForResources", "ResourceType"],
];

/** The operation and the parameters in path and query. @throws AwsError that names what is not implemented */
export function route53Operation(
  method: string,
  target: string,
): { action: string; params: Record<string, string> } {
  const url = new URL(target, "http://localhost");
  const path = url.pathname.replace(/^\/2013-04-01\//, "").replace(/\/+$/, "");
  for (const [verb, pattern, action, ...names] of OPERATIONS) {
    const values = verb === method ? pattern.exec(path) : null;
    if (values === null) continue;
    const params = Object.fromEntries(
      names.map((name, index) => [name, decodeURIComponent(values[index + 1] ?? "")]),
    );
    return { action, params: { ...Object.fromEntries(url.searchParams), ...params } };
  }
  throw notImplemented(
    `the Route 53 operation "${method} ${url.pathname}"`,
    "Add it in test/cloud/api/gateway/route53-operations.ts, with a test.",
  );
}
