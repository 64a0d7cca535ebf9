/** Secondary private addresses: assigned, unassigned, and given at a launch. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { launch, launchNode, makeSite, refusal, withCloud } from "./_cloud";

const theCloud = withCloud(test);

test("secondary addresses are an interface's own until they are unassigned", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { eni } = await launchNode(cloud, site.subnets[0], { InstanceType: "t3.micro" });
  const shown = async () => {
    const found = await client.send(new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }));
    return found.NetworkInterfaces?.[0]?.PrivateIpAddresses ?? [];
  };
  const [primary] = (await shown()).map((one) => one.PrivateIpAddress ?? "");
  const at = (last: number) => (primary ?? "").replace(/\d+$/, String(last));
  const assign = (more: Partial<ec2.AssignPrivateIpAddressesCommandInput>) =>
    client.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId: eni, ...more }));
  const unassign = (...PrivateIpAddresses: string[]) =>
    client.send(new ec2.UnassignPrivateIpAddressesCommand({ NetworkInterfaceId: eni, PrivateIpAddresses }));
  const assigned = await assign({ PrivateIpAddresses: [at(77)] });
  t.deepEqual(assigned.AssignedPrivateIpAddresses, [{ PrivateIpAddress: at(77) }]);
  t.deepEqual(
    (await shown()).map((one) => [one.PrivateIpAddress, one.Primary]),
    [
      [primary, true],
      [at(77), false],
    ],
  );
  const taken = client.send(
    new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0], PrivateIpAddress: at(77) }),
  );
  t.is((await refusal(taken)).code, "InvalidIPAddress.InUse");
  t.is((await refusal(assign({ PrivateIpAddresses: [at(77)] }))).code, "InvalidParameterValue");
  t.is((await refusal(assign({ PrivateIpAddresses: ["172.16.0.9"] }))).code, "InvalidParameterValue");
  t.is((await refusal(assign({ PrivateIpAddresses: [at(1)] }))).code, "InvalidParameterValue");
  const two = { SecondaryPrivateIpAddressCount: 2 };
  t.is((await refusal(assign(two))).code, "PrivateIpAddressLimitExceeded", "a t3.micro has two each");
  t.is((await refusal(unassign(primary ?? ""))).code, "InvalidParameterValue");
  await unassign(at(77));
  t.is((await refusal(unassign(at(77)))).code, "InvalidParameterValue");
  await client.send(
    new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0], PrivateIpAddress: at(77) }),
  );
  const chosen = await assign({ SecondaryPrivateIpAddressCount: 1 });
  t.is(chosen.AssignedPrivateIpAddresses?.length, 1);
  t.deepEqual(
    (await shown()).map((one) => one.PrivateIpAddress),
    [primary, chosen.AssignedPrivateIpAddresses?.[0]?.PrivateIpAddress],
  );
});

test("an instance can be launched with secondary addresses", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [site.subnets[0]] }));
  const secondary = Subnets?.[0]?.CidrBlock?.replace("0/24", "88");
  const launched = await launch(cloud, site.subnets[0], {
    SubnetId: undefined,
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: site.subnets[0],
        PrivateIpAddresses: [{ PrivateIpAddress: secondary, Primary: false }],
      },
    ],
  });
  const addresses = launched.NetworkInterfaces?.[0]?.PrivateIpAddresses ?? [];
  t.deepEqual(
    addresses.map((one) => [one.Primary, one.PrivateIpAddress === secondary]),
    [
      [true, false],
      [false, true],
    ],
  );
});

test("AllowReassignment moves a secondary address from another interface; a primary one stays", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[0])];
  const shown = async (eni: string) => {
    const found = await client.send(new ec2.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }));
    return (found.NetworkInterfaces?.[0]?.PrivateIpAddresses ?? []).map(
      (each) => each.PrivateIpAddress ?? "",
    );
  };
  const [primary = ""] = await shown(one.eni);
  const service = primary.replace(/\d+$/, "99");
  const assign = (NetworkInterfaceId: string, address: string, AllowReassignment?: boolean) =>
    client.send(
      new ec2.AssignPrivateIpAddressesCommand({
        NetworkInterfaceId,
        PrivateIpAddresses: [address],
        AllowReassignment,
      }),
    );
  await assign(one.eni, service);
  t.is((await refusal(assign(two.eni, service))).code, "InvalidParameterValue");
  const moved = await assign(two.eni, service, true);
  t.deepEqual(moved.AssignedPrivateIpAddresses, [{ PrivateIpAddress: service }]);
  t.deepEqual(await shown(one.eni), [primary]);
  t.true((await shown(two.eni)).includes(service));
  t.deepEqual(
    (await assign(two.eni, service, true)).AssignedPrivateIpAddresses ?? [],
    [],
    "it is there already",
  );
  t.is((await refusal(assign(two.eni, primary, true))).code, "InvalidParameterValue");
  const taken = client.send(
    new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0], PrivateIpAddress: service }),
  );
  t.is((await refusal(taken)).code, "InvalidIPAddress.InUse");
});
