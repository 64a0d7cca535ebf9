/** A permission that is known when the VPC is there, and not before. */
import { Vpc } from "@pulumi/aws/ec2";
import { Role, RolePolicy } from "@pulumi/aws/iam";

const vpc = new Vpc("main", { cidrBlock: "10.50.0.0/16" });
const assumeRolePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const role = new Role("late", { assumeRolePolicy });
new RolePolicy("late", {
  role: role.id,
  policy: vpc.arn.apply((arn) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "ec2:*", Resource: arn }],
    }),
  ),
});
