import { ACCOUNT_ID } from "../admin/types";
import type { Call } from "../gateway/call";
import { itemsAt, textAt, type XmlElement } from "../gateway/xml";
import type { AuthorizedResource } from "./ec2-resources";

/** The resources of a call to a service other than EC2; empty if the action is not about one. */
export function otherResources(call: Call): AuthorizedResource[] {
  switch (call.service) {
    case "route53":
      return route53(call);
    case "iam":
      return iam(call);
    case "sts":
      return named(call.params.RoleArn);
    case "ssm":
      return ssm(call);
    default:
      return named(call.params.ResourceArn);
  }
}

function named(...arns: (string | undefined)[]): AuthorizedResource[] {
  return arns.filter((arn): arn is string => arn !== undefined).map((arn) => ({ arn, context: {} }));
}

function route53(call: Call): AuthorizedResource[] {
  const { Id: id, HostedZoneId: zoneId, ResourceId: tagged, ResourceType: type } = call.params;
  const arn = (kind: string, value: string): string =>
    `arn:${call.partition}:route53:::${kind}/${bare(value)}`;
  if (call.action === "GetChange") return named(arn("change", id ?? ""));
  if (tagged !== undefined) return named(arn(type ?? "hostedzone", tagged));
  const zone = zoneId ?? id;
  if (zone === undefined) return [];
  const context = call.action === "ChangeResourceRecordSets" ? recordConditions(call) : {};
  return [{ arn: arn("hostedzone", zone), context }];
}

function bare(id: string): string {
  return id.replace(/^\/?(hostedzone|change)\//, "");
}

/** The keys of a change's records (Route 53 Developer Guide, "Using IAM policy conditions for fine-grained access"). */
function recordConditions(call: Call): Record<string, string[]> {
  const changes = changesOf(call.input as XmlElement);
  const distinct = (values: string[]): string[] => [...new Set(values)];
  return {
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": distinct(
      changes.map((change) => normalizedName(textAt(change, "ResourceRecordSet.Name"))),
    ),
    "route53:ChangeResourceRecordSetsRecordTypes": distinct(
      changes.map((change) => textAt(change, "ResourceRecordSet.Type")),
    ),
    "route53:ChangeResourceRecordSetsActions": distinct(changes.map((change) => textAt(change, "Action"))),
  };
}

/** The changes of a ChangeResourceRecordSets request. */
export function changesOf(input: XmlElement): XmlElement[] {
  return itemsAt(input, "ChangeBatch.Changes.Change");
}

/** Lower case, no dot at the end, and everything but a-z 0-9 - _ . as an octal escape. */
export function normalizedName(name: string): string {
  const escape = (character: string): string => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/\\(\d{3})|([^a-z0-9\-_.])/g, (match, code: string | undefined) =>
      code === undefined ? escape(match) : match,
    );
}

function iam(call: Call): AuthorizedResource[] {
  const arn = (kind: string, name: string | undefined): string | undefined =>
    name === undefined
      ? undefined
      : `arn:${call.partition}:iam::${ACCOUNT_ID}:${kind}${call.params.Path ?? "/"}${name}`;
  const { RoleName, UserName, GroupName, InstanceProfileName, PolicyArn, PolicyName } = call.params;
  if (InstanceProfileName !== undefined) return named(arn("instance-profile", InstanceProfileName));
  const entity = arn("role", RoleName) ?? arn("user", UserName) ?? arn("group", GroupName);
  return named(entity ?? PolicyArn ?? arn("policy", PolicyName));
}

function ssm(call: Call): AuthorizedResource[] {
  const names = Object.entries(call.params)
    .filter(([name]) => name === "Name" || name === "Path" || /^Names\.\d+$/.test(name))
    .map(([, value]) => value);
  return named(
    ...names.map((name) => {
      // A public parameter belongs to AWS: its ARN has no account.
      const account = name.startsWith("/aws/") ? "" : ACCOUNT_ID;
      return `arn:${call.partition}:ssm:${call.region}:${account}:parameter/${name.replace(/^\//, "")}`;
    }),
  );
}
