import type { AllowStatement } from "./iam";
import { asList, asProps, texts } from "./values";

/** Keys of conditions that say which resources are meant. */
const scopes =
  /^[a-z0-9-]+:(?:ResourceTag\/.+|Vpc|VpcID|Subnet|SubnetID|InstanceID|RouteTableID|VolumeID|ParentVolume|InternetGatewayID|SecurityGroupID|ChangeResourceRecordSetsNormalizedRecordNames|ResourceAliases|EncryptionContext:.+|LaunchTemplate|ParameterName|ManagedResource)$/i;

/** Operators that hold only if the key is there and has one of the values. */
const positive = /^(?:ForAnyValue:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))$/i;

/**
 * Whether a condition narrows a statement to some resources. It does not where it holds for every value (`*`), where
 * it also holds without the key (IfExists, ForAllValues, Null), or where it only leaves some resources out (Not…).
 */
export function isNarrowed({ conditions }: AllowStatement): boolean {
  return Object.entries(conditions).some(
    ([operator, block]) =>
      positive.test(operator) &&
      Object.entries(asProps(block)).some(
        ([key, values]) =>
          scopes.test(key) && (asList(values).length > texts(values).length || isSpecific(texts(values))),
      ),
  );
}

/** Of several values one is enough, so that each has to be more than a wildcard. */
function isSpecific(values: readonly string[]): boolean {
  return values.length > 0 && values.every((value) => !/^[*?]*$/.test(value.replace(/^arn:[^/]*\//, "")));
}

/** Calls that make something: its id is not known before, so that a pattern is all that a permission can name. */
const makes =
  /^(?:create(?!route$|networkinterfacepermission$)|run|request|allocate|import|copy|register|start(?!instances)|put(?!rolepolicy|userpolicy|grouppolicy))/i;

/**
 * Whether a resource of a permission is every one: `*`, an ARN of nothing but wildcards after the service, or one of a
 * whole kind (`route-table/*`, `instance/i-*`) for an action on something that exists and has an ARN of its own.
 */
export function isEverything(arn: string, action: string): boolean {
  if (/^\*+$/.test(arn) || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:[*?]*\*+$/.test(arn)) return true;
  const [, service = "", resource = ""] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/.exec(arn) ?? [];
  const [, name = ""] = action.split(":");
  if (service === "*" || resource === "*/*") return true;
  // Buckets hold objects, changes have no owner, and log groups are named after what writes into them.
  if (
    !/^(ec2|route53|dynamodb|secretsmanager|kms|lambda|sns|sqs|iam|rds|elasticloadbalancing|autoscaling|ssm)$/.test(
      service,
    )
  )
    return false;
  if (makes.test(name)) return false;
  const rest = /^(?:sns|sqs)$/.test(service)
    ? ["", resource]
    : /^([a-zA-Z0-9-]+)[/:](.*)$/.exec(resource)?.slice(1);
  if (rest === undefined) return /^[*?]+$/.test(resource);
  const [kind = "", id = ""] = rest;
  return kind !== "change" && /^(?:[a-z]+-|Z)?[*?]*\*[*?]*(?:[/:][*?]+)*$/.test(id);
}
