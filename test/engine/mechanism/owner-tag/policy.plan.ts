import {
  type ArnScope,
  ec2Arn,
  policyDocument,
  type PolicyDocument,
} from "../../../../components/iam/policy.plan";

/** What moving the owner of a VPC takes, preflight included. */
export function ownerTagPolicy({ vpcId, ...scope }: ArnScope & { readonly vpcId: string }): PolicyDocument {
  return policyDocument(
    {
      Sid: "SeeTagsAndNodes",
      Effect: "Allow",
      Action: ["ec2:DescribeInstanceStatus", "ec2:DescribeInstances", "ec2:DescribeTags"],
      Resource: ["*"],
    },
    {
      Sid: "TagTheOwner",
      Effect: "Allow",
      Action: ["ec2:CreateTags", "ec2:DeleteTags"],
      Resource: [ec2Arn(scope, "vpc", vpcId)],
    },
  );
}
