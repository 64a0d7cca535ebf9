/** Users and roles with just these permissions. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import { ACCOUNT_ID } from "../../cloud/api";
import { type Credentials, launchNode, makeSite, type TestCloud } from "./_cloud";

let names = 0;

export type Statement = Record<string, unknown>;
export const document = (...Statement: Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
export const allow = (
  Action: string | string[],
  Resource: string | string[] = "*",
  Condition?: unknown,
): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
export const arn = (type: string, id: string) => `arn:aws:ec2:us-east-1:${ACCOUNT_ID}:${type}/${id}`;

/** Credentials of a new user with these permissions. */
export async function userWith(
  cloud: Pick<TestCloud, "config">,
  ...statements: Statement[]
): Promise<Credentials & { name: string }> {
  const client = new iam.IAMClient(cloud.config());
  const name = `user${(names += 1)}`;
  await client.send(new iam.CreateUserCommand({ UserName: name }));
  if (statements.length > 0) {
    const PolicyDocument = document(...statements);
    await client.send(new iam.PutUserPolicyCommand({ UserName: name, PolicyName: "own", PolicyDocument }));
  }
  const { AccessKey } = await client.send(new iam.CreateAccessKeyCommand({ UserName: name }));
  return {
    name,
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
}

export async function makeRole(
  cloud: Pick<TestCloud, "config">,
  trust: Statement,
  ...statements: Statement[]
): Promise<{ name: string; arn: string }> {
  const client = new iam.IAMClient(cloud.config());
  const name = `role${(names += 1)}`;
  const { Role } = await client.send(
    new iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document(trust) }),
  );
  await client.send(
    new iam.PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "own",
      PolicyDocument: document(...statements),
    }),
  );
  return { name, arn: Role?.Arn ?? "" };
}

export async function routed(cloud: TestCloud) {
  const site = await makeSite(cloud.ec2());
  const node = await launchNode(cloud, site.subnets[0]);
  for (const RouteTableId of site.tables) {
    const route = { RouteTableId, DestinationCidrBlock: "192.168.10.1/32", NetworkInterfaceId: node.eni };
    await cloud.ec2().send(new ec2.CreateRouteCommand(route));
  }
  const replace = (client: ec2.EC2Client, RouteTableId: string, DryRun = false) => {
    const route = { RouteTableId, DestinationCidrBlock: "192.168.10.1/32", NetworkInterfaceId: node.eni };
    return client.send(new ec2.ReplaceRouteCommand({ ...route, DryRun }));
  };
  return { site, node, replace };
}
