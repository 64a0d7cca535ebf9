/** The partitions that the lab supports: commercial, China, and GovCloud (US). */
export type Partition = "aws" | "aws-cn" | "aws-us-gov";

/** A statement of an IAM policy. Lists always, never a bare string: that is one shape less to compare. */
export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  /** ARNs. Absent in an assume-role document, where the role itself is the resource. */
  Resource?: string[];
  Principal?: { Service: string };
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** An IAM policy document, ready for `JSON.stringify`. */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Statement[];
}

/** Where resources live: everything an ARN needs besides the resource itself. */
export interface ArnScope {
  partition: Partition;
  /** E.g. `us-east-1`. */
  region: string;
  /** Twelve digits. */
  accountId: string;
}

/** The partition that a region belongs to, by its name. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * `arn:aws:ec2:us-east-1:123456789012:route-table/rtb-…`.
 * @param type as EC2's ARNs have it, e.g. `route-table`
 */
export function ec2Arn(scope: ArnScope, type: string, id: string): string {
  return `arn:${scope.partition}:ec2:${scope.region}:${scope.accountId}:${literal(type)}/${literal(id)}`;
}

/** ARNs of Route 53 have neither region nor account. Ids with the API's prefix (`/hostedzone/Z…`) are accepted. */
export function hostedZoneArn(partition: Partition, zoneId: string): string {
  return `arn:${partition}:route53:::hostedzone/${literal(zoneId.replace(/^\/?hostedzone\//, ""))}`;
}

/** A document of statements. */
export function policyDocument(...statements: Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

/**
 * Lets EC2 instances assume the role. EC2 is the one service whose principal still follows the partition in China
 * (`aws-cdk`, region-info: "Services with a partitional principal").
 */
export function assumeRoleByEc2(partition: Partition): PolicyDocument {
  return policyDocument({
    Sid: "AssumeRoleByEc2",
    Effect: "Allow",
    Principal: { Service: partition === "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com" },
    Action: ["sts:AssumeRole"],
  });
}

/**
 * An id that goes into an ARN. `*`, `?` and `${` are wildcards and variables there, and an empty list of resources or
 * an id that is none would allow more, or other things, than what was meant.
 */
function literal(id: string): string {
  if (!/^[A-Za-z0-9-]+$/.test(id)) throw new Error(`${JSON.stringify(id)} is not the id of an AWS resource`);
  return id;
}
