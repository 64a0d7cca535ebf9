import { delimiter, join } from "node:path";
import {
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import test, { type ExecutionContext } from "ava";
import { overlayIpPolicy } from "../../../components/failover/mechanisms/overlay-ip/policy.plan";
import { assumeRoleByEc2 } from "../../../components/iam/policy.plan";
import {
  type Cloud,
  CloudAdmin,
  ACCOUNT_ID,
  ensurePython,
  LAB_CREDENTIALS,
  startCloud,
} from "../../cloud/api";
import { defaultLab } from "../../cloud/lab";
import { identity, startImds } from "./imds";
import { SCRIPT_DIR } from "./samples";
import { run } from "./tools";

/** The takeover with the real AWS CLI, as the node's own role with exactly the lab's policy, against the fake AWS. */

const REGION = "us-east-1";
const OVERLAY = "192.168.10.1/32";
let cloud: Cloud;
let binDir: string;

test.before(async () => {
  const python = await ensurePython(defaultLab().cacheDir, () => undefined);
  binDir = python.binDir;
  cloud = await startCloud({ python: python.python });
});

test.after.always(() => cloud?.close());

interface Pair {
  ec2: EC2Client;
  tables: string[];
  /** A table that the policy does not cover. */
  foreign: string;
  /** The node that takes over. */
  node: { id: string; eni: string };
}

async function pair(): Promise<Pair> {
  const config = { endpoint: cloud.url, region: REGION, credentials: LAB_CREDENTIALS };
  const [ec2, iam] = [new EC2Client(config), new IAMClient(config)];
  const vpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId;
  const nodes: { id: string; eni: string }[] = [];
  for (const [zone, block] of [
    ["us-east-1a", "10.0.0.0/20"],
    ["us-east-1b", "10.0.16.0/20"],
  ]) {
    const subnet = await ec2.send(
      new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: block, AvailabilityZone: zone }),
    );
    const first = nodes.length === 0;
    if (first) {
      const trust = JSON.stringify(assumeRoleByEc2("aws"));
      await iam.send(new CreateRoleCommand({ RoleName: "node", AssumeRolePolicyDocument: trust }));
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "node" }));
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "node", RoleName: "node" }));
    }
    const launched = await ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        InstanceType: "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet.Subnet?.SubnetId,
        IamInstanceProfile: { Name: "node" },
      }),
    );
    const [instance] = launched.Instances ?? [];
    const id = instance?.InstanceId ?? "";
    await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }));
    nodes.push({ id, eni: instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? "" });
  }
  const [active, standby] = nodes;
  if (!active || !standby) throw new Error("no nodes");
  const tables: string[] = [];
  for (let i = 0; i < 4; i++) {
    const id = (await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable?.RouteTableId ?? "";
    tables.push(id);
    // The third lacks the route: a takeover creates it.
    const route = { RouteTableId: id, DestinationCidrBlock: OVERLAY, NetworkInterfaceId: active.eni };
    if (i !== 2) await ec2.send(new CreateRouteCommand(route));
  }
  const foreign = tables.pop() ?? "";
  const policy = overlayIpPolicy({
    partition: "aws",
    region: REGION,
    accountId: ACCOUNT_ID,
    routeTableIds: tables,
  });
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "node",
      PolicyName: "overlay",
      PolicyDocument: JSON.stringify(policy),
    }),
  );
  return { ec2, tables, foreign, node: standby };
}

async function takeover(t: ExecutionContext, { node }: Pair, tables: string[], seconds: string) {
  const credentials = await new CloudAdmin(cloud.url).instanceCredentials(node.id);
  const endpoint = await startImds(t, {
    ...identity(node.eni, REGION),
    "iam/security-credentials": "node",
    "iam/security-credentials/node": JSON.stringify(credentials),
  });
  return run(join(SCRIPT_DIR, "overlay-takeover"), [OVERLAY, ...tables], {
    env: {
      PATH: `${binDir}${delimiter}${process.env.PATH ?? ""}`,
      HOME: "/nonexistent",
      AWS_ENDPOINT_URL: cloud.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
      AWS_PROFILE: undefined,
      TAKEOVER_DEADLINE: seconds,
    },
  });
}

async function targets({ ec2 }: Pair, tables: string[]): Promise<(string | undefined)[]> {
  const answer = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: tables }));
  return tables.map(
    (id) =>
      answer.RouteTables?.find((table) => table.RouteTableId === id)?.Routes?.find(
        (route) => route.DestinationCidrBlock === OVERLAY,
      )?.NetworkInterfaceId,
  );
}

test.serial("the node's own role moves every table of the lab, and no other", async (t) => {
  const lab = await pair();
  const before = await targets(lab, [lab.foreign]);

  const all = await takeover(t, lab, lab.tables, "30");
  t.is(all.code, 0, all.stderr);
  t.deepEqual(
    await targets(lab, lab.tables),
    lab.tables.map(() => lab.node.eni),
  );

  const again = await takeover(t, lab, lab.tables, "30");
  t.is(again.code, 0, again.stderr);

  const other = await takeover(t, lab, [lab.foreign], "30");
  t.is(other.code, 1);
  t.regex(other.stderr, /UnauthorizedOperation/);
  t.deepEqual(await targets(lab, [lab.foreign]), before);
});
