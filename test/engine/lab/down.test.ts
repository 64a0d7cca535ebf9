/** Labs that were killed while they were built, and labs in which somebody has made things by hand, can be taken down. */
import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcsCommand,
  DetachNetworkInterfaceCommand,
  RunInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilNetworkInterfaceAvailable,
} from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import test, { type ExecutionContext } from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LAB_CREDENTIALS } from "../../cloud/api";
import { alive } from "../../cloud/engine/lock";
import { node, nodes, overlayNode } from "./_aws";
import { TestLab } from "./_lab";
import { killAll } from "./_processes";

const labs: TestLab[] = [];
function newLab(): TestLab {
  const lab = new TestLab();
  labs.push(lab);
  return lab;
}
test.after.always(async () => {
  for (const lab of labs) await lab.remove();
});

/** Kills `npm run lab`, and all that it has started, right after the fake AWS has got this call. */
async function killedAt(lab: TestLab, action: string): Promise<void> {
  const since = lab.isUp ? ((await lab.admin.audit()).at(-1)?.n ?? 0) : 0;
  const { pid, ended } = lab.start("lab");
  const isThere = async (): Promise<boolean> =>
    lab.isUp && (await lab.admin.audit(since)).some((call) => call.action === action);
  while (!(await isThere())) await sleep(5);
  const { pid: gateway, motoPid } = lab.record;
  killAll(pid, [gateway, motoPid]);
  await ended;
}

async function isWhole(t: ExecutionContext, lab: TestLab): Promise<void> {
  t.deepEqual(Object.keys(await nodes(lab.ec2)).sort(), [
    "forwarder1",
    "forwarder2",
    "node-a",
    "node-b",
    "node1",
    "node2",
  ]);
  t.is(await overlayNode(lab.ec2), "node1");
  await lab.succeed("pulumi", "preview", "--expect-no-changes");
}

test.serial(
  "killed while the first lab is built: the same command builds it, and nothing is left twice",
  async (t) => {
    const lab = newLab();
    await killedAt(lab, "RunInstances");
    const { stderr } = await lab.succeed("lab");
    t.regex(stderr, /killed before the lab was complete/);
    await isWhole(t, lab);
  },
);

for (const action of ["CreateVpc", "CreateSubnet", "RunInstances", "CreateNetworkInterface"])
  test.serial(`killed while the first lab is built, at ${action}: it can be taken down`, async (t) => {
    const lab = newLab();
    await killedAt(lab, action);
    const { pid, motoPid } = lab.record;
    await lab.succeed("lab:down");
    t.false(alive(pid) || alive(motoPid));
  });

test.serial("killed while a running lab gets more: what was made is taken into the stack", async (t) => {
  const lab = newLab();
  await lab.succeed("lab");
  await lab.succeed("pulumi", "config", "set", "egress", "nat");
  await killedAt(lab, "CreateNatGateway");
  const { stderr } = await lab.succeed("lab");
  t.notRegex(stderr, /killed before the lab was complete/, "it is not built anew");
  const { NatGateways = [] } = await lab.ec2.send(new DescribeNatGatewaysCommand({}));
  t.is(NatGateways.filter(({ State }) => State !== "deleted").length, 1);
  await isWhole(t, lab);
  const down = await lab.succeed("lab:down");
  t.regex(down.stderr, /Your settings are kept in (\S+)/);
  const kept = /kept in (\S+)\. /.exec(down.stderr)?.[1] ?? "";
  t.regex(fs.readFileSync(kept, "utf8"), /egress: nat/);
  t.notRegex(down.stdout + down.stderr, /stack rm/);
});

/** One of each kind, made by hand. @returns how the message has to call them */
async function makeStrangers(lab: TestLab): Promise<RegExp[]> {
  const { ec2 } = lab;
  const tagged = { Filters: [{ Name: "tag:Lab", Values: [lab.stack] }] };
  const VpcId = (await ec2.send(new DescribeVpcsCommand(tagged))).Vpcs?.[0]?.VpcId ?? "";
  const { SubnetId, ImageId } = await node(ec2, "node-a");
  const table = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const subnet = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.240.0/24" }));
  const group = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId, GroupName: "mine", Description: "mine" }),
  );
  const card = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  const run = { ImageId, SubnetId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 } as const;
  const InstanceId = (await ec2.send(new RunInstancesCommand(run))).Instances?.[0]?.InstanceId ?? "";
  const waiter = { client: ec2, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  await waitUntilInstanceRunning(waiter, { InstanceIds: [InstanceId] });
  const floating = { Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] };
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand(floating));
  const { NetworkInterfaceId = "", Attachment } = NetworkInterfaces[0] ?? {};
  await ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: Attachment?.AttachmentId }));
  await waitUntilNetworkInterfaceAvailable(waiter, { NetworkInterfaceIds: [NetworkInterfaceId] });
  await ec2.send(new AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
  await makeRecord(lab);
  const ids = [
    `route table ${table.RouteTable?.RouteTableId ?? ""}`,
    `subnet ${subnet.Subnet?.SubnetId ?? ""}`,
    `security group ${group.GroupId ?? ""}`,
    `network interface ${card.NetworkInterface?.NetworkInterfaceId ?? ""}`,
    `instance ${InstanceId}`,
    `floating interface ${NetworkInterfaceId} on the instance ${InstanceId}`,
    "record A mine.awslab.mycompany.corp",
  ];
  return ids.map((id) => new RegExp(`${id}: .*aws (ec2|route53) `));
}

async function makeRecord(lab: TestLab): Promise<void> {
  const route53 = new Route53Client({ region: "us-east-1", endpoint: lab.url, credentials: LAB_CREDENTIALS });
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  const ResourceRecordSet: ResourceRecordSet = {
    Name: "mine.awslab.mycompany.corp",
    Type: "A",
    TTL: 60,
    ResourceRecords: [{ Value: "10.0.0.99" }],
  };
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: HostedZones[0]?.Id,
      ChangeBatch: { Changes: [{ Action: "CREATE", ResourceRecordSet }] },
    }),
  );
}

test.serial(
  "what somebody has made by hand is named before anything is destroyed, with what removes it",
  async (t) => {
    const lab = newLab();
    await lab.succeed("lab");
    const wanted = await makeStrangers(lab);
    const since = (await lab.admin.audit()).at(-1)?.n;
    const { code, stderr } = await lab.run("lab:down");
    t.not(code, 0);
    for (const pattern of wanted) t.regex(stderr, pattern);
    t.regex(stderr, /Nothing was destroyed[^]*npm run lab:down -- --force/);
    const writes = (await lab.admin.audit(since)).filter(
      ({ action }) => !/^(Describe|List|Get)/.test(action),
    );
    t.deepEqual(writes, [], "nothing is torn off from a stranger");

    // The remedies are commands that work, in the order in which they are printed.
    const environment = (await lab.succeed("lab:env")).stdout;
    for (const [, remedy = ""] of stderr.matchAll(/: (aws (?:ec2|route53) .*)$/gm)) {
      const ran = spawnSync("bash", ["-c", `${environment}\n${remedy}`], { encoding: "utf8" });
      t.is(ran.status, 0, `${remedy}: ${ran.stderr}`);
      await sleep(300); // an instance takes a moment to end
    }
    await lab.succeed("lab:down");
  },
);

test.serial("and --force gives everything up at once", async (t) => {
  const lab = newLab();
  await lab.succeed("lab");
  await makeRecord(lab);
  t.not((await lab.run("lab:down")).code, 0);
  const { pid } = lab.record;
  await lab.succeed("lab:down", "--force");
  t.false(alive(pid));
});
