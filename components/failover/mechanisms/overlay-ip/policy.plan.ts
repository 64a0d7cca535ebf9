import { type ArnScope, ec2Arn, policyDocument, type PolicyDocument } from "../../../iam/policy.plan";

export interface OverlayIpPolicyArgs extends ArnScope {
  /** Every route table that carries the route, e.g. `rtb-0abc`. At least one. */
  routeTableIds: readonly string[];
}

/**
 * What moving an overlay IP takes, preflight included: re-point the route, create it where a table lacks it, and delete
 * what was created if the move has to be taken back. IAM has no condition on a route's destination, so within these
 * tables a node could change other routes too; the tables are the boundary. Describe calls cannot be scoped (Service
 * Authorization Reference, Amazon EC2).
 */
export function overlayIpPolicy(args: OverlayIpPolicyArgs): PolicyDocument {
  if (args.routeTableIds.length === 0)
    throw new Error("A policy for an overlay IP needs at least one route table");
  return policyDocument(
    {
      Sid: "SeeRoutesAndNodes",
      Effect: "Allow",
      Action: [
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeVpcs",
      ],
      Resource: ["*"],
    },
    {
      Sid: "MoveTheOverlayRoute",
      Effect: "Allow",
      Action: ["ec2:CreateRoute", "ec2:DeleteRoute", "ec2:ReplaceRoute"],
      Resource: args.routeTableIds.map((id) => ec2Arn(args, "route-table", id)),
    },
  );
}
