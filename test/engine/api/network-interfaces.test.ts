/** Network interfaces: attaching, detaching, addresses, and what is in use. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import type { ChangeEvent } from "../../cloud/api";
import { launchNode, makeSite, refusal, type TestCloud, withCloud } from "./_cloud";

const theCloud = withCloud(test);
const NEVER = 1_000_000_000;

async function makeEni(
  client: ec2.EC2Client,
  SubnetId: string,
  more: Partial<ec2.CreateNetworkInterfaceCommandInput> = {},
) {
  const { NetworkInterface } = await client.send(
    new ec2.CreateNetworkInterfaceCommand({ SubnetId, ...more }),
  );
  return NetworkInterface?.NetworkInterfaceId ?? "";
}

async function attach(
  client: ec2.EC2Client,
  NetworkInterfaceId: string,
  InstanceId: string,
  DeviceIndex = 1,
) {
  const input = { NetworkInterfaceId, InstanceId, DeviceIndex };
  return (await client.send(new ec2.AttachNetworkInterfaceCommand(input))).AttachmentId ?? "";
}

async function show(client: ec2.EC2Client, id: string): Promise<ec2.NetworkInterface> {
  const { NetworkInterfaces } = await client.send(
    new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] }),
  );
  return NetworkInterfaces?.[0] ?? {};
}

async function addressIn(client: ec2.EC2Client, subnetId: string, last: number): Promise<string> {
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
  return (Subnets?.[0]?.CidrBlock ?? "").replace(/\.0\/24$/, `.${last}`);
}

async function withSettings(cloud: TestCloud, detachMs: number, body: () => Promise<void>): Promise<void> {
  await cloud.admin.changeSettings({ detachMs });
  try {
    await body();
  } finally {
    await cloud.admin.changeSettings({ detachMs: 0 });
  }
}

test("attaching is refused: another zone, already attached, used index, terminated instance, no free slot", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const near = await launchNode(cloud, site.subnets[0], { InstanceType: "t3.micro" });
  const far = await launchNode(cloud, site.subnets[1]);
  const gone = await launchNode(cloud, site.subnets[0]);
  await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [gone.id] }));
  const [eni, other] = [await makeEni(client, site.subnets[0]), await makeEni(client, site.subnets[0])];

  const zone = await refusal(attach(client, eni, far.id));
  t.like(zone, { code: "InvalidParameterCombination" });
  t.regex(zone.message, /not in the same availability zone/);
  t.is((await refusal(attach(client, eni, gone.id))).code, "IncorrectInstanceState");
  t.regex(
    (await refusal(attach(client, eni, near.id, 0))).message,
    /already has an interface attached at device index '0'/,
  );
  await attach(client, eni, near.id);
  t.is((await refusal(attach(client, eni, near.id, 2))).code, "InvalidNetworkInterface.InUse");
  t.is(
    (await refusal(attach(client, other, near.id, 2))).code,
    "AttachmentLimitExceeded",
    "a t3.micro has two slots",
  );
});

test("the primary interface cannot be detached", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id, eni } = await launchNode(cloud, site.subnets[0]);
  const AttachmentId = (await show(client, eni)).Attachment?.AttachmentId;
  const refused = await refusal(client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId })));
  t.like(refused, { code: "OperationNotPermitted", status: 400 });
  t.is(refused.message, "The network interface at device index 0 cannot be detached.");
  const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
  t.is(Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.length, 1);
});

test.serial("a detached interface is detaching first, and available once AWS says so", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const node = await launchNode(cloud, site.subnets[0]);
  const eni = await makeEni(client, site.subnets[0]);
  const AttachmentId = await attach(client, eni, node.id);
  await withSettings(cloud, 50, async () => {
    const freed = new Promise<ChangeEvent>((resolve, reject) => {
      cloud.admin
        .subscribe((event) => {
          if (event.action === "StateChange" && event.resources.includes(eni)) resolve(event);
        })
        .then(() => client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId })))
        .catch(reject);
    });
    await freed;
    t.like(await show(client, eni), { Status: "available", Attachment: undefined });
  });
  t.is(
    (await refusal(client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId })))).code,
    "InvalidAttachmentID.NotFound",
  );
});

test.serial("a detachment that is stuck keeps the interface until it is forced", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const node = await launchNode(cloud, site.subnets[0]);
  const eni = await makeEni(client, site.subnets[0]);
  const AttachmentId = await attach(client, eni, node.id);
  await withSettings(cloud, NEVER, async () => {
    await client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId }));
    t.like(await show(client, eni), {
      Status: "in-use",
      Attachment: { Status: "detaching", InstanceId: node.id },
    });
    t.is((await refusal(attach(client, eni, node.id, 2))).code, "InvalidNetworkInterface.InUse");
    await client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId, Force: true }));
    t.is((await show(client, eni)).Status, "available");
  });
});

test("an interface moves from one instance to another and keeps its address", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[0])];
  const address = await addressIn(client, site.subnets[0], 77);
  const eni = await makeEni(client, site.subnets[0], { PrivateIpAddress: address });
  const AttachmentId = await attach(client, eni, one.id);
  await client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId }));
  await attach(client, eni, two.id);
  t.like(await show(client, eni), {
    PrivateIpAddress: address,
    Attachment: { InstanceId: two.id, DeviceIndex: 1 },
  });
});

test("an interface wants an address of its own inside of the subnet", async (t) => {
  const client = theCloud().ec2();
  const { subnets } = await makeSite(client);
  const make = (PrivateIpAddress: string) => makeEni(client, subnets[0], { PrivateIpAddress });
  const address = await addressIn(client, subnets[0], 50);
  await make(address);
  t.like(await refusal(make(address)), {
    code: "InvalidIPAddress.InUse",
    message: "The specified address is already in use.",
  });
  t.is((await refusal(make("172.16.0.1"))).code, "InvalidParameterValue");
  t.regex((await refusal(make(await addressIn(client, subnets[0], 255)))).message, /reserved/);
});

test("no two interfaces get the same address by themselves", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const { subnets } = await makeSite(client);
  for (let count = 0; count < 10; count += 1) {
    await makeEni(client, subnets[0]);
    if (count % 3 === 0) await launchNode(cloud, subnets[0]);
  }
  const { NetworkInterfaces } = await client.send(
    new ec2.DescribeNetworkInterfacesCommand({ Filters: [{ Name: "subnet-id", Values: [subnets[0]] }] }),
  );
  const addresses = (NetworkInterfaces ?? []).map((eni) => eni.PrivateIpAddress);
  t.is(addresses.length, 14);
  t.is(new Set(addresses).size, addresses.length);
});

test("an interface's security groups are its own, not the instance's", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { GroupId = "" } = await client.send(
    new ec2.CreateSecurityGroupCommand({ GroupName: "narrow", Description: "narrow", VpcId: site.vpcId }),
  );
  const node = await launchNode(cloud, site.subnets[0]);
  const eni = await makeEni(client, site.subnets[0], { Groups: [GroupId] });
  await attach(client, eni, node.id);
  t.deepEqual(
    (await show(client, eni)).Groups?.map((group) => group.GroupId),
    [GroupId],
  );
  const deleting = await refusal(client.send(new ec2.DeleteSecurityGroupCommand({ GroupId })));
  t.is(deleting.code, "DependencyViolation", "a group in use cannot be deleted");
});

test("a security group must exist, and in the subnet's VPC", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const [site, other] = [await makeSite(client), await makeSite(client)];
  const { SecurityGroups } = await client.send(
    new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [other.vpcId] }] }),
  );
  const foreign = [SecurityGroups?.[0]?.GroupId ?? ""];
  const absent = ["sg-00000000000000000"];
  t.is((await refusal(makeEni(client, site.subnets[0], { Groups: absent }))).code, "InvalidGroup.NotFound");
  t.is((await refusal(makeEni(client, site.subnets[0], { Groups: foreign }))).code, "InvalidParameter");
  const launched = (SecurityGroupIds: string[]) => launchNode(cloud, site.subnets[0], { SecurityGroupIds });
  t.is((await refusal(launched(absent))).code, "InvalidGroup.NotFound");
  t.is((await refusal(launched(foreign))).code, "InvalidParameter");
});

test("what is in use cannot be deleted: interface, subnet, VPC, internet gateway, main route table", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const node = await launchNode(cloud, site.subnets[0]);
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const gateway = { InternetGatewayId: InternetGateway?.InternetGatewayId };
  await client.send(new ec2.AttachInternetGatewayCommand({ ...gateway, VpcId: site.vpcId }));
  const { RouteTables } = await client.send(
    new ec2.DescribeRouteTablesCommand({
      Filters: [
        { Name: "vpc-id", Values: [site.vpcId] },
        { Name: "association.main", Values: ["true"] },
      ],
    }),
  );
  const eni = await refusal(
    client.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId: node.eni })),
  );
  t.like(eni, {
    code: "InvalidParameterValue",
    message: `Network interface '${node.eni}' is currently in use.`,
  });
  const codes = await Promise.all([
    refusal(client.send(new ec2.DeleteSubnetCommand({ SubnetId: site.subnets[0] }))),
    refusal(client.send(new ec2.DeleteVpcCommand({ VpcId: site.vpcId }))),
    refusal(client.send(new ec2.DeleteInternetGatewayCommand(gateway))),
    refusal(client.send(new ec2.DeleteRouteTableCommand({ RouteTableId: RouteTables?.[0]?.RouteTableId }))),
  ]);
  t.deepEqual(
    codes.map(({ code }) => code),
    new Array(4).fill("DependencyViolation"),
  );
});

test("a new attachment is not deleted on termination, whatever the one before was", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[0])];
  const NetworkInterfaceId = await makeEni(client, site.subnets[0]);
  const AttachmentId = await attach(client, NetworkInterfaceId, one.id);
  t.false((await show(client, NetworkInterfaceId)).Attachment?.DeleteOnTermination);
  await client.send(
    new ec2.ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId,
      Attachment: { AttachmentId, DeleteOnTermination: true },
    }),
  );
  t.true((await show(client, NetworkInterfaceId)).Attachment?.DeleteOnTermination);
  await client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId }));
  await attach(client, NetworkInterfaceId, two.id);
  t.false((await show(client, NetworkInterfaceId)).Attachment?.DeleteOnTermination);
  await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [two.id] }));
  t.is((await show(client, NetworkInterfaceId)).Status, "available");
});

test("what an interface can't have here is refused by its name", async (t) => {
  const client = theCloud().ec2();
  const site = await makeSite(client);
  const refused = async (more: Partial<ec2.CreateNetworkInterfaceCommandInput>) =>
    refusal(makeEni(client, site.subnets[0], more));
  for (const [name, value] of [
    ["InterfaceType", "efa"],
    ["Ipv4PrefixCount", 1],
    ["Ipv6AddressCount", 1],
  ] as const) {
    const { code, message } = await refused({ [name]: value });
    t.is(code, "NotImplementedByTheFakeAws");
    t.regex(message, new RegExp(`CreateNetworkInterface's parameter ${name}`));
  }
  const tags = [{ ResourceType: "subnet" as const, Tags: [{ Key: "a", Value: "b" }] }];
  t.is((await refused({ TagSpecifications: tags })).code, "InvalidParameterValue");
});
