/** Elastic addresses: each at one place, and moved as AWS moves them. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { launchNode, makeSite, refusal, type TestCloud, withCloud } from "./_cloud";

const theCloud = withCloud(test);

async function allocate(client: ec2.EC2Client): Promise<string> {
  return (await client.send(new ec2.AllocateAddressCommand({ Domain: "vpc" }))).AllocationId ?? "";
}

function associate(client: ec2.EC2Client, input: ec2.AssociateAddressCommandInput) {
  return client.send(new ec2.AssociateAddressCommand(input));
}

/** Where an elastic address is shown: by itself, at interfaces, at instances. */
async function places(cloud: TestCloud, AllocationId: string) {
  const client = cloud.ec2();
  const { Addresses } = await client.send(
    new ec2.DescribeAddressesCommand({ AllocationIds: [AllocationId] }),
  );
  const [address] = Addresses ?? [];
  const { NetworkInterfaces } = await client.send(new ec2.DescribeNetworkInterfacesCommand({}));
  const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({}));
  return {
    address,
    interfaces: (NetworkInterfaces ?? [])
      .filter((one) => one.Association?.AllocationId === AllocationId)
      .map((one) => one.NetworkInterfaceId),
    privateAddresses: (NetworkInterfaces ?? [])
      .flatMap((one) => one.PrivateIpAddresses ?? [])
      .filter((one) => one.Association?.AllocationId === AllocationId)
      .map((one) => one.PrivateIpAddress),
    instances: (Reservations ?? [])
      .flatMap((one) => one.Instances ?? [])
      .filter((one) => one.PublicIpAddress === address?.PublicIp)
      .map((one) => one.InstanceId),
  };
}

test("an elastic address that is associated anew is shown at its new place only", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[1])];
  const AllocationId = await allocate(client);
  const first = await associate(client, { AllocationId, InstanceId: one.id });
  const before = await places(cloud, AllocationId);
  t.like(before.address, { InstanceId: one.id, AssociationId: first.AssociationId });
  t.deepEqual([before.interfaces, before.instances], [[one.eni], [one.id]]);
  const second = await associate(client, { AllocationId, NetworkInterfaceId: two.eni });
  t.not(second.AssociationId, first.AssociationId);
  const after = await places(cloud, AllocationId);
  t.like(after.address, { InstanceId: two.id, NetworkInterfaceId: two.eni });
  t.deepEqual([after.interfaces, after.instances], [[two.eni], [two.id]]);
});

test("an interface that gets another elastic address loses the one that it had", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id, eni } = await launchNode(cloud, site.subnets[0]);
  const [old, next] = [await allocate(client), await allocate(client)];
  await associate(client, { AllocationId: old, InstanceId: id });
  await associate(client, { AllocationId: next, InstanceId: id });
  t.is((await places(cloud, old)).address?.AssociationId, undefined);
  t.deepEqual((await places(cloud, next)).interfaces, [eni]);
  await client.send(new ec2.ReleaseAddressCommand({ AllocationId: old }));
  await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  t.like((await places(cloud, next)).address, { AssociationId: undefined, NetworkInterfaceId: undefined });
});

test("AllowReassociation=false keeps an elastic address where it is", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[1])];
  const AllocationId = await allocate(client);
  const keep = { AllocationId, AllowReassociation: false };
  await associate(client, { ...keep, InstanceId: one.id });
  t.is(
    (await refusal(associate(client, { ...keep, InstanceId: two.id }))).code,
    "Resource.AlreadyAssociated",
  );
  t.deepEqual((await places(cloud, AllocationId)).instances, [one.id]);
  const twice = associate(client, { AllocationId, InstanceId: one.id, NetworkInterfaceId: two.eni });
  t.is((await refusal(twice)).code, "InvalidParameterCombination");
});

test("an elastic address can be at a secondary address, and moves with it", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[0])];
  const assign = (NetworkInterfaceId: string, more: Partial<ec2.AssignPrivateIpAddressesCommandInput>) =>
    client.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, ...more }));
  const { AssignedPrivateIpAddresses } = await assign(one.eni, { SecondaryPrivateIpAddressCount: 1 });
  const secondary = AssignedPrivateIpAddresses?.[0]?.PrivateIpAddress ?? "";
  const AllocationId = await allocate(client);
  const elsewhere = associate(client, {
    AllocationId,
    NetworkInterfaceId: two.eni,
    PrivateIpAddress: secondary,
  });
  t.is((await refusal(elsewhere)).code, "InvalidParameterValue");
  await associate(client, { AllocationId, NetworkInterfaceId: one.eni, PrivateIpAddress: secondary });
  const before = await places(cloud, AllocationId);
  t.deepEqual([before.privateAddresses, before.interfaces, before.instances], [[secondary], [], []]);
  t.is(before.address?.PrivateIpAddress, secondary);
  await assign(two.eni, { PrivateIpAddresses: [secondary], AllowReassignment: true });
  const after = await places(cloud, AllocationId);
  t.like(after.address, { NetworkInterfaceId: two.eni, PrivateIpAddress: secondary, InstanceId: two.id });
});

test("an elastic address is a NAT gateway's alone, and was nobody's before", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id } = await launchNode(cloud, site.subnets[0]);
  const AllocationId = await allocate(client);
  const { AssociationId } = await associate(client, { AllocationId, InstanceId: id });
  const make = (more: Partial<ec2.CreateNatGatewayCommandInput>) =>
    client.send(new ec2.CreateNatGatewayCommand({ SubnetId: site.subnets[0], ...more }));
  t.is((await refusal(make({ AllocationId }))).code, "Resource.AlreadyAssociated");
  t.is((await refusal(make({}))).code, "MissingParameter");
  t.is(
    (await refusal(make({ ConnectivityType: "private", AllocationId }))).code,
    "InvalidParameterCombination",
  );
  await client.send(new ec2.DisassociateAddressCommand({ AssociationId }));
  await make({ AllocationId });
  t.is((await refusal(associate(client, { AllocationId, InstanceId: id }))).code, "AuthFailure");
  const { address } = await places(cloud, AllocationId);
  const away = client.send(new ec2.DisassociateAddressCommand({ AssociationId: address?.AssociationId }));
  t.is((await refusal(away)).code, "AuthFailure");
});

test("elastic addresses are found by their public address", async (t) => {
  const client = theCloud().ec2();
  const { PublicIp, AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: "vpc" }));
  const find = (ip: string) => client.send(new ec2.DescribeAddressesCommand({ PublicIps: [ip] }));
  t.deepEqual(
    (await find(PublicIp ?? "")).Addresses?.map((one) => one.AllocationId),
    [AllocationId],
  );
  t.is((await refusal(find("192.0.2.1"))).code, "InvalidAddress.NotFound");
});
