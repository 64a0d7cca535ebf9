/** The unmodified agents of ClusterLabs' resource-agents, on nodes that look like instances. */
import {
  AllocateAddressCommand,
  AssignPrivateIpAddressesCommand,
  AssociateAddressCommand,
  CreateRouteCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  StopInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import test, { type ExecutionContext } from "ava";
import { ACCOUNT_ID } from "../../cloud/api";
import { instanceFacts } from "../../cloud/metadata/facts";
import { type NodeNamespace, openNode, whyNoAgent } from "../../cloud/api/takeover";
import { launchNode, makeSite, type Site, type TestCloud, withCloud } from "./_cloud";

const theCloud = withCloud(test);
const OVERLAY = "192.168.10.1";
const ROLE = "node";

/** Runs the test, or skips it with the reason; in CI it must run. */
function whereAgentRuns(agent: string, title: string, body: (t: ExecutionContext) => Promise<void>): void {
  const why = whyNoAgent(agent);
  if (why === undefined || process.env.CI !== undefined) {
    test.serial(title, async (t) => {
      if (why !== undefined) t.fail(why);
      else await body(t);
    });
  } else test.skip(`${title} (${why})`, body);
}

whereAgentRuns(
  "aws-vpc-move-ip",
  "aws-vpc-move-ip takes an overlay address over in several route tables",
  async (t) => {
    const cloud = theCloud();
    const client = cloud.ec2();
    const site = await makeSite(client);
    const [first, second] = site.subnets;
    const arns = site.tables.map((id) => `arn:aws:ec2:us-east-1:${ACCOUNT_ID}:route-table/${id}`);
    await makeRole(cloud, ROLE, [
      { Action: "ec2:ReplaceRoute", Resource: arns },
      { Action: "ec2:DescribeRouteTables", Resource: "*" },
    ]);
    const profile = { IamInstanceProfile: { Name: ROLE } };
    const node1 = await launchNode(cloud, first, profile);
    const node2 = await launchNode(cloud, second, profile);
    for (const RouteTableId of site.tables) {
      const route = { RouteTableId, DestinationCidrBlock: `${OVERLAY}/32`, NetworkInterfaceId: node1.eni };
      await client.send(new CreateRouteCommand(route));
    }
    // The old node need not be alive.
    await client.send(new StopInstancesCommand({ InstanceIds: [node1.id] }));

    const node = await open(cloud, node2.id);
    try {
      const parameters = {
        ip: OVERLAY,
        interface: "eth0",
        routing_table: site.tables.join(","),
        monapi: "true",
      };
      t.is((await node.agent("aws-vpc-move-ip", "monitor", parameters)).code, 7, "not running here before");
      const started = await node.agent("aws-vpc-move-ip", "start", parameters);
      t.is(started.code, 0, started.stderr);
      const monitored = await node.agent("aws-vpc-move-ip", "monitor", parameters);
      t.is(monitored.code, 0, monitored.stderr);
      t.deepEqual(await targets(client, site), [node2.id, node2.id]);
      const address = await node.run("ip", ["-4", "address", "show", "dev", "eth0"]);
      t.true(address.stdout.includes(`${OVERLAY}/32`));
      const callers = (await cloud.admin.audit()).filter((call) => call.action === "ReplaceRoute");
      t.deepEqual(
        callers.map((call) => call.principal),
        site.tables.map(() => `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${ROLE}/${node2.id}`),
        "as the instance's role",
      );
    } finally {
      await node.close();
    }
  },
);

whereAgentRuns(
  "aws-vpc-route53",
  "aws-vpc-route53 points a service name to the node that it starts on",
  async (t) => {
    const cloud = theCloud();
    const site = await makeSite(cloud.ec2());
    const dns = new Route53Client(cloud.config());
    const VPC = { VPCRegion: "us-east-1" as const, VPCId: site.vpcId };
    const { HostedZone } = await dns.send(
      new CreateHostedZoneCommand({ Name: "awslab.mycompany.corp", CallerReference: "agent", VPC }),
    );
    const zone = (HostedZone?.Id ?? "").replace("/hostedzone/", "");
    await makeRole(cloud, "dns", [
      {
        Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets"],
        Resource: `arn:aws:route53:::hostedzone/${zone}`,
      },
      { Action: "route53:GetChange", Resource: "arn:aws:route53:::change/*" },
    ]);
    const { id } = await launchNode(cloud, site.subnets[0], { IamInstanceProfile: { Name: "dns" } });
    const node = await open(cloud, id);
    try {
      // Its own defects avoided: the name needs a dot at the end, and the CLI's output must be text.
      const parameters = {
        hostedzoneid: zone,
        fullname: "myservice.awslab.mycompany.corp.",
        ip: "local",
        ttl: "10",
      };
      const started = await node.agent("aws-vpc-route53", "start", parameters);
      t.is(started.code, 0, started.stderr);
      const { ResourceRecordSets } = await dns.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
      );
      const address = (await node.run("ip", ["-4", "-br", "address", "show", "dev", "eth0"])).stdout;
      const record = ResourceRecordSets?.find((set) => set.Type === "A");
      t.like(record, { Name: "myservice.awslab.mycompany.corp.", TTL: 10 });
      t.true(address.includes(record?.ResourceRecords?.[0]?.Value ?? "none"));
      const again = await node.agent("aws-vpc-route53", "start", parameters);
      t.is(again.code, 0, again.stderr);
      const actions = (await cloud.admin.audit()).filter(
        (call) => call.service === "route53" && call.principal.includes(id),
      );
      t.deepEqual(
        actions.map((call) => `${call.action} ${call.result}`),
        [
          "ListResourceRecordSets ok",
          "ChangeResourceRecordSets ok",
          "GetChange ok",
          "ListResourceRecordSets ok",
        ],
      );
    } finally {
      await node.close();
    }
  },
);

async function open(cloud: TestCloud, instanceId: string): Promise<NodeNamespace> {
  const facts = instanceFacts(await cloud.admin.model("us-east-1"), instanceId);
  if (facts === undefined) throw new Error(`${instanceId} is not in the model`);
  return openNode({ url: cloud.cloud.url, facts, binDir: cloud.python.binDir });
}

async function targets(client: EC2Client, site: Site): Promise<(string | undefined)[]> {
  const { RouteTables } = await client.send(new DescribeRouteTablesCommand({ RouteTableIds: site.tables }));
  return (RouteTables ?? []).map(
    (table) => table.Routes?.find((route) => route.DestinationCidrBlock === `${OVERLAY}/32`)?.InstanceId,
  );
}

/** A role with exactly these permissions, and an instance profile of the same name. */
async function makeRole(
  cloud: TestCloud,
  name: string,
  permissions: Record<string, unknown>[],
): Promise<void> {
  const iam = new IAMClient(cloud.config());
  const trust = { Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const policy = (...statements: Record<string, unknown>[]): string =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: statements.map((one) => ({ Effect: "Allow", ...one })),
    });
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }));
  const inline = { RoleName: name, PolicyName: "own", PolicyDocument: policy(...permissions) };
  await iam.send(new PutRolePolicyCommand(inline));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
}

whereAgentRuns("awsvip", "awsvip takes a secondary address over from another node", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const permissions = ["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses", "DescribeInstances"];
  await makeRole(cloud, "vip", [{ Action: permissions.map((name) => `ec2:${name}`), Resource: "*" }]);
  const profile = { IamInstanceProfile: { Name: "vip" } };
  const [one, two] = [
    await launchNode(cloud, site.subnets[0], profile),
    await launchNode(cloud, site.subnets[0], profile),
  ];
  const { Subnets } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [site.subnets[0]] }));
  const address = (Subnets?.[0]?.CidrBlock ?? "").replace("0/24", "200");
  await client.send(
    new AssignPrivateIpAddressesCommand({ NetworkInterfaceId: one.eni, PrivateIpAddresses: [address] }),
  );
  const owner = async () => {
    const Filters = [{ Name: "addresses.private-ip-address", Values: [address] }];
    const { NetworkInterfaces } = await client.send(new DescribeNetworkInterfacesCommand({ Filters }));
    return NetworkInterfaces?.map((eni) => eni.NetworkInterfaceId);
  };
  const node = await open(cloud, two.id);
  try {
    const parameters = { secondary_private_ip: address, profile: "default", api_delay: "0" };
    t.is((await node.agent("awsvip", "monitor", parameters)).code, 7, "not running here before");
    const started = await node.agent("awsvip", "start", parameters);
    t.is(started.code, 0, started.stderr);
    t.deepEqual(await owner(), [two.eni]);
    t.is((await node.agent("awsvip", "monitor", parameters)).code, 0);
    t.is((await node.agent("awsvip", "stop", parameters)).code, 0);
    t.deepEqual(await owner(), []);
  } finally {
    await node.close();
  }
});

whereAgentRuns("awseip", "awseip takes an elastic address over from another node", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const permissions = ["AssociateAddress", "DisassociateAddress", "DescribeAddresses", "DescribeInstances"];
  await makeRole(cloud, "eip", [{ Action: permissions.map((name) => `ec2:${name}`), Resource: "*" }]);
  const profile = { IamInstanceProfile: { Name: "eip" } };
  const [one, two] = [
    await launchNode(cloud, site.subnets[0], profile),
    await launchNode(cloud, site.subnets[1], profile),
  ];
  const { AllocationId = "", PublicIp = "" } = await client.send(
    new AllocateAddressCommand({ Domain: "vpc" }),
  );
  await client.send(new AssociateAddressCommand({ AllocationId, InstanceId: one.id }));
  const holders = async () => {
    const { Reservations } = await client.send(new DescribeInstancesCommand({}));
    const all = (Reservations ?? []).flatMap((each) => each.Instances ?? []);
    return all.filter((each) => each.PublicIpAddress === PublicIp).map((each) => each.InstanceId);
  };
  const node = await open(cloud, two.id);
  try {
    const parameters = {
      elastic_ip: PublicIp,
      allocation_id: AllocationId,
      profile: "default",
      api_delay: "0",
    };
    t.is((await node.agent("awseip", "monitor", parameters)).code, 7, "not running here before");
    const started = await node.agent("awseip", "start", parameters);
    t.is(started.code, 0, started.stderr);
    t.deepEqual(await holders(), [two.id]);
    t.is((await node.agent("awseip", "monitor", parameters)).code, 0);
    t.is((await node.agent("awseip", "stop", parameters)).code, 0);
    t.deepEqual(await holders(), []);
  } finally {
    await node.close();
  }
});
