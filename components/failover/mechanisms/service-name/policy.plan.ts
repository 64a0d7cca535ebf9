import { hostedZoneArn, type Partition, policyDocument, type PolicyDocument } from "../../../iam/policy.plan";

export interface ServiceNamePolicyArgs {
  partition: Partition;
  /** The private hosted zone, e.g. `Z0123456789ABC`. */
  zoneId: string;
  /** Full name of the record, e.g. `myservice.awslab.mycompany.corp`; case and a final dot do not matter. */
  recordName: string;
}

/**
 * What moving a service name takes: UPSERT of this one A record, which the stack has made. `ForAllValues` is also true when a request carries
 * no value at all; the `Null` block closes that (IAM User Guide, "Multivalued context keys"). Listing cannot be scoped
 * below the zone, and the id of a change is not known beforehand. Nodes are described before a move to one of them.
 */
export function serviceNamePolicy(args: ServiceNamePolicyArgs): PolicyDocument {
  const zone = hostedZoneArn(args.partition, args.zoneId);
  const [names, types, actions] = [
    "route53:ChangeResourceRecordSetsNormalizedRecordNames",
    "route53:ChangeResourceRecordSetsRecordTypes",
    "route53:ChangeResourceRecordSetsActions",
  ];
  return policyDocument(
    {
      Sid: "SeeNodes",
      Effect: "Allow",
      Action: ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances"],
      Resource: ["*"],
    },
    {
      // Whether another zone of the VPC answers in this one's stead.
      Sid: "SeeZonesOfTheVpc",
      Effect: "Allow",
      Action: ["route53:ListHostedZonesByVPC"],
      Resource: ["*"],
    },
    {
      Sid: "SeeTheZone",
      Effect: "Allow",
      Action: ["route53:GetHostedZone", "route53:ListResourceRecordSets"],
      Resource: [zone],
    },
    {
      Sid: "MoveTheServiceName",
      Effect: "Allow",
      Action: ["route53:ChangeResourceRecordSets"],
      Resource: [zone],
      Condition: {
        "ForAllValues:StringEquals": {
          [names]: [normalizedRecordName(args.recordName)],
          [types]: ["A"],
          [actions]: ["UPSERT"],
        },
        Null: { [names]: "false", [types]: "false", [actions]: "false" },
      },
    },
    {
      Sid: "WaitForTheChange",
      Effect: "Allow",
      Action: ["route53:GetChange"],
      Resource: [`arn:${args.partition}:route53:::change/*`],
    },
  );
}

/**
 * A record's name as the condition key carries it: lower case, no final dot, everything but `a-z 0-9 - _ .` as a
 * backslash and three octal digits (Route 53 Developer Guide, "Normalizing the Route 53 condition key values").
 */
export function normalizedRecordName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/[^a-z0-9._-]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
