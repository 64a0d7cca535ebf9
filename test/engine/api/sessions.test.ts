/** Roles, sessions, instances' credentials, access keys that end, and other partitions. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import test from "ava";
import { ACCOUNT_ID } from "../../cloud/api";
import { IMAGE_PARAMETER, launchNode, makeSite, refusal, withCloud } from "./_cloud";
import { allow, document, makeRole, userWith } from "./_identities";

const theCloud = withCloud(test);

test("a role is assumed by whom it trusts, and its session has its permissions, narrowed by a session policy", async (t) => {
  const cloud = theCloud();
  const trust = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
    Action: "sts:AssumeRole",
  };
  const role = await makeRole(cloud, trust, allow(["ec2:DescribeVpcs", "ec2:DescribeSubnets"]));
  const assume = async (more: Partial<sts.AssumeRoleCommandInput> = {}) => {
    const input = { RoleArn: role.arn, RoleSessionName: "session", ...more };
    const { Credentials: found } = await new sts.STSClient(cloud.config()).send(
      new sts.AssumeRoleCommand(input),
    );
    return cloud.ec2({
      accessKeyId: found?.AccessKeyId ?? "",
      secretAccessKey: found?.SecretAccessKey ?? "",
      sessionToken: found?.SessionToken ?? "",
    });
  };
  const full = await assume();
  await full.send(new ec2.DescribeVpcsCommand({}));
  t.is((await refusal(full.send(new ec2.DescribeInstancesCommand({})))).code, "UnauthorizedOperation");
  const narrow = await assume({ Policy: document(allow("ec2:DescribeVpcs")) });
  await narrow.send(new ec2.DescribeVpcsCommand({}));
  t.is((await refusal(narrow.send(new ec2.DescribeSubnetsCommand({})))).code, "UnauthorizedOperation");
  const service = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const closed = await makeRole(cloud, service, allow("*"));
  t.is((await refusal(assume({ RoleArn: closed.arn }))).code, "AccessDenied");
});

test("a role can do no more than its permissions boundary says", async (t) => {
  const cloud = theCloud();
  const client = new iam.IAMClient(cloud.config());
  const { Policy } = await client.send(
    new iam.CreatePolicyCommand({
      PolicyName: "boundary",
      PolicyDocument: document(allow("ec2:DescribeVpcs")),
    }),
  );
  const PermissionsBoundary = Policy?.Arn ?? "";
  const trust = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
    Action: "sts:AssumeRole",
  };
  const role = await makeRole(cloud, trust, allow("ec2:*"));
  const { Credentials: found } = await new sts.STSClient(cloud.config()).send(
    new sts.AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: "bounded" }),
  );
  const session = cloud.ec2({
    accessKeyId: found?.AccessKeyId ?? "",
    secretAccessKey: found?.SecretAccessKey ?? "",
    sessionToken: found?.SessionToken ?? "",
  });
  await session.send(new ec2.DescribeSubnetsCommand({}));
  const put = (arn: string) =>
    client.send(new iam.PutRolePermissionsBoundaryCommand({ RoleName: role.name, PermissionsBoundary: arn }));
  t.is((await refusal(put(`${PermissionsBoundary}x`))).code, "NoSuchEntityException");
  await put(PermissionsBoundary);
  const { Role } = await client.send(new iam.GetRoleCommand({ RoleName: role.name }));
  t.is(Role?.PermissionsBoundary?.PermissionsBoundaryArn, PermissionsBoundary);
  await session.send(new ec2.DescribeVpcsCommand({}));
  t.is((await refusal(session.send(new ec2.DescribeSubnetsCommand({})))).code, "UnauthorizedOperation");
  const remove = () => client.send(new iam.DeletePolicyCommand({ PolicyArn: PermissionsBoundary }));
  t.is((await refusal(remove())).code, "DeleteConflictException");
  await client.send(new iam.DeleteRolePermissionsBoundaryCommand({ RoleName: role.name }));
  await session.send(new ec2.DescribeSubnetsCommand({}));
  await remove();
});

test("an instance has credentials of its role; launching it with one needs iam:PassRole", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const role = await makeRole(cloud, trust, allow("ec2:DescribeVpcs"));
  const client = new iam.IAMClient(cloud.config());
  await client.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: role.name }));
  await client.send(
    new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: role.name, RoleName: role.name }),
  );
  const profile = { IamInstanceProfile: { Name: role.name } };
  const { id } = await launchNode(cloud, site.subnets[0], profile);
  const { AccessKeyId, SecretAccessKey, Token } = await cloud.admin.instanceCredentials(id);
  const own = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
  const identity = await new sts.STSClient(cloud.config(own)).send(new sts.GetCallerIdentityCommand({}));
  t.is(identity.Arn, `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${role.name}/${id}`);
  await cloud.ec2(own).send(new ec2.DescribeVpcsCommand({}));
  const withoutToken = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  t.is((await refusal(cloud.ec2(withoutToken).send(new ec2.DescribeVpcsCommand({})))).code, "AuthFailure");

  const launcher = cloud.ec2(await userWith(cloud, allow("ec2:*")));
  const images = await cloud.ec2().send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
  const ImageId = images.Reservations?.[0]?.Instances?.[0]?.ImageId;
  const launch = {
    ImageId,
    MinCount: 1,
    MaxCount: 1,
    SubnetId: site.subnets[0],
    InstanceType: "t3.micro" as const,
  };
  await launcher.send(new ec2.RunInstancesCommand(launch));
  const passing = await refusal(launcher.send(new ec2.RunInstancesCommand({ ...launch, ...profile })));
  t.regex(passing.message, /is not authorized to perform: iam:PassRole/);
});

test("a deleted access key is nobody's, and a changed policy counts at once", async (t) => {
  const cloud = theCloud();
  const user = await userWith(cloud, allow("ec2:DescribeVpcs"));
  const client = cloud.ec2(user);
  await client.send(new ec2.DescribeVpcsCommand({}));
  const administrator = new iam.IAMClient(cloud.config());
  await administrator.send(new iam.DeleteUserPolicyCommand({ UserName: user.name, PolicyName: "own" }));
  t.is((await refusal(client.send(new ec2.DescribeVpcsCommand({})))).code, "UnauthorizedOperation");
  await administrator.send(
    new iam.DeleteAccessKeyCommand({ UserName: user.name, AccessKeyId: user.accessKeyId }),
  );
  t.is((await refusal(client.send(new ec2.DescribeVpcsCommand({})))).code, "AuthFailure");
});

test("in China and in GovCloud everything has that partition's ARNs", async (t) => {
  const cloud = theCloud();
  for (const [region, partition] of [
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ] as const) {
    const config = cloud.config(undefined, region);
    const { User } = await new iam.IAMClient(config).send(
      new iam.CreateUserCommand({ UserName: "somebody" }),
    );
    t.is(User?.Arn, `arn:${partition}:iam::${ACCOUNT_ID}:user/somebody`);
    const identity = await new sts.STSClient(config).send(new sts.GetCallerIdentityCommand({}));
    t.true(identity.Arn?.startsWith(`arn:${partition}:`));
    const { Regions } = await new ec2.EC2Client(config).send(new ec2.DescribeRegionsCommand({}));
    t.true(
      Regions?.every((one) => one.RegionName?.startsWith(region.slice(0, 3))),
      "only its own regions",
    );
    for (const Name of [IMAGE_PARAMETER, "/aws/service/suse/sles/15-sp6/x86_64/latest"]) {
      const { Parameter } = await new SSMClient(config).send(new GetParameterCommand({ Name }));
      const images = await new ec2.EC2Client(config).send(
        new ec2.DescribeImagesCommand({ Owners: ["amazon"], ImageIds: [Parameter?.Value ?? ""] }),
      );
      t.is(images.Images?.length, 1, `${region} ${Name}`);
    }
  }
});
