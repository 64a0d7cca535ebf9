/** What roles may do, in each way to give it. */
import { type Given, given } from "../../_judge";
import { type Cases, fine, wrong } from "../_case";
import { allow, trust } from "../_network";

const own = (policy: unknown): Given =>
  given("aws:iam/rolePolicy:RolePolicy", "node", { role: "node", policy });
const attach = (policyArn: string): Given =>
  given("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "node", { role: "node", policyArn });
const exclusive = (...policyArns: readonly string[]): Given =>
  given("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "node", {
    roleName: "node",
    policyArns,
  });
const managed = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
const arn = (resource: string, service = "ec2"): string =>
  `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const when = (Condition: object): object => ({ Condition });
const move = "ec2:ReplaceRoute";
const wide = (text: string): string => `iam-no-wildcard-resource: RolePolicy node allows ${text}`;

export const permissions: Cases = {
  "one table, and descriptions of all": fine(
    own(allow(move, arn("route-table/rtb-0abc"))),
    own(allow(["ec2:DescribeRouteTables", "ec2:DescribeInstances"], "*")),
  ),
  "a policy that is an object": wrong(
    ["iam-no-wildcard-action: RolePolicy node allows ec2:* in statement All"],
    own({
      Version: "2012-10-17",
      Statement: [{ Sid: "All", Effect: "Allow", Action: "ec2:*", Resource: arn("instance/i-0abc") }],
    }),
  ),
  "a policy that is no JSON": wrong(
    ["input-readable: RolePolicy node has a policy document that is not JSON"],
    own("{ Version: }"),
  ),
  "all actions by other wildcards": wrong(
    ["iam-no-wildcard-action: RolePolicy node allows ec2:?* and s3:** in statement 1"],
    own(allow(["ec2:?*", "s3:**"], arn("instance/i-0abc"))),
  ),
  "a managed policy that is no ARN": wrong(
    ['input-readable: RolePolicyAttachment node has the policy "arn:aws:iam::policy/Admin", which is no ARN'],
    attach("arn:aws:iam::policy/Admin"),
  ),
  "agents of AWS": fine(
    attach(managed("AmazonSSMManagedInstanceCore")),
    attach(managed("CloudWatchAgentServerPolicy")),
    exclusive(managed("AmazonSSMManagedInstanceCore"), managed("AmazonEC2ReadOnlyAccess")),
  ),
  "a managed policy as wide as ec2:*": wrong(
    [
      `iam-no-wildcard-action: RolePolicyAttachment node attaches ${managed("AmazonEC2FullAccess")}, which allows ec2:*`,
    ],
    attach(managed("AmazonEC2FullAccess")),
  ),
  "a managed policy of a job": wrong(
    ["iam-no-wildcard-action: RolePolicyAttachment node attaches"],
    attach(managed("job-function/NetworkAdministrator")),
  ),
  "exclusive attachments": wrong(
    [
      `iam-no-wildcard-action: RolePolicyAttachmentsExclusive node attaches ${managed("AmazonRoute53FullAccess")}`,
      `iam-no-wildcard-action: RolePolicyAttachmentsExclusive node attaches ${managed("PowerUserAccess")}`,
    ],
    exclusive(
      managed("AmazonRoute53FullAccess"),
      managed("PowerUserAccess"),
      managed("AmazonSSMManagedInstanceCore"),
    ),
  ),
  "managed policies in the role": wrong(
    ["iam-no-wildcard-action: Role node attaches"],
    given("aws:iam/role:Role", "node", {
      assumeRolePolicy: trust,
      managedPolicyArns: [managed("AdministratorAccess")],
    }),
  ),
  "a policy of one's own that is called FullAccess": fine(
    attach("arn:aws:iam::123456789012:policy/AmazonEC2FullAccess"),
  ),
  "every route table": wrong(
    [wide(`${move} on all of ${arn("route-table/*")}`)],
    own(allow(move, arn("route-table/*"))),
  ),
  "every route table, by its prefix": wrong(
    [wide(`${move} on all of`)],
    own(allow(move, arn("route-table/rtb-*"))),
  ),
  "every interface and instance": wrong(
    [wide("ec2:AttachNetworkInterface on all of")],
    own(allow("ec2:AttachNetworkInterface", [arn("network-interface/*"), arn("instance/*")])),
  ),
  "every zone": wrong(
    [wide("route53:ChangeResourceRecordSets on all of arn:aws:route53:::hostedzone/*")],
    own(allow("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/*")),
  ),
  "every secret": wrong(
    [wide("secretsmanager:GetSecretValue on all of")],
    own(allow("secretsmanager:GetSecretValue", arn("secret:*", "secretsmanager"))),
  ),
  "objects of a bucket, a path of parameters, changes of Route 53, a log group": fine(
    own(allow("s3:GetObject", "arn:aws:s3:::artifacts/*")),
    own(allow("ssm:GetParameter", arn("parameter/app/*", "ssm"))),
    own(allow("route53:GetChange", "arn:aws:route53:::change/*")),
    own(allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn("log-group:/app/*:*", "logs"))),
    own(allow("secretsmanager:GetSecretValue", arn("secret:prod/db-*", "secretsmanager"))),
  ),
  "what is made has no id yet": fine(
    own(
      allow(
        "ec2:RunInstances",
        ["instance/*", "volume/*", "network-interface/*"].map((name) => arn(name)),
      ),
    ),
    own(
      allow(
        "ec2:CreateTags",
        arn("instance/*"),
        when({ StringEquals: { "ec2:CreateAction": "RunInstances" } }),
      ),
    ),
  ),
  "a tag that narrows": fine(
    own(allow(move, "*", when({ StringEquals: { "aws:ResourceTag/Cluster": "db" } }))),
    own(allow(move, arn("route-table/*"), when({ StringLike: { "ec2:ResourceTag/Name": "db-*" } }))),
  ),
  "a VPC that narrows": fine(own(allow(move, "*", when({ ArnEquals: { "ec2:Vpc": arn("vpc/vpc-0abc") } })))),
  "a condition of any tag": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ StringLike: { "aws:ResourceTag/Cluster": "*" } }))),
  ),
  "a condition that holds without the tag": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ StringEqualsIfExists: { "aws:ResourceTag/Cluster": "db" } }))),
  ),
  "a condition that leaves one out": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ StringNotEquals: { "aws:ResourceTag/Cluster": "db" } }))),
  ),
  "a condition that only asks for a tag": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ Null: { "aws:ResourceTag/Cluster": "false" } }))),
  ),
  "a condition of all values of none": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ "ForAllValues:StringEquals": { "aws:ResourceTag/Cluster": ["db"] } }))),
  ),
  "a condition of the region, which every resource is in": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ StringEquals: { "aws:RequestedRegion": "us-east-1" } }))),
  ),
  "a condition of the account, which every resource is in": wrong(
    [wide(`${move} on all resources`)],
    own(allow(move, "*", when({ StringEquals: { "aws:ResourceAccount": "123456789012" } }))),
  ),
};
