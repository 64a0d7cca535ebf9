/** Routes: what AWS refuses, what it keeps, and what it shows of a target. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { ACCOUNT_ID } from "../../cloud/api";
import { launchNode, makeSite, refusal, type Site, withCloud } from "./_cloud";

const theCloud = withCloud(test);
const OVERLAY = "192.168.10.1/32";

async function routesOf(client: ec2.EC2Client, tableId: string): Promise<ec2.Route[]> {
  const { RouteTables } = await client.send(new ec2.DescribeRouteTablesCommand({ RouteTableIds: [tableId] }));
  return RouteTables?.[0]?.Routes ?? [];
}

async function overlayRoute(client: ec2.EC2Client, site: Site): Promise<ec2.Route | undefined> {
  return (await routesOf(client, site.tables[0])).find((route) => route.DestinationCidrBlock === OVERLAY);
}

async function routedSite() {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const node = await launchNode(cloud, site.subnets[0]);
  const route = { RouteTableId: site.tables[0], DestinationCidrBlock: OVERLAY };
  await client.send(new ec2.CreateRouteCommand({ ...route, NetworkInterfaceId: node.eni }));
  return { cloud, client, site, node, route };
}

test("a route to an interface also shows the instance that it is attached to, and its owner", async (t) => {
  const { client, site, node } = await routedSite();
  t.like(await overlayRoute(client, site), {
    NetworkInterfaceId: node.eni,
    InstanceId: node.id,
    InstanceOwnerId: ACCOUNT_ID,
    State: "active",
    Origin: "CreateRoute",
  });
});

test("a route to an instance shows the instance's interface", async (t) => {
  const { cloud, client, site, route } = await routedSite();
  const other = await launchNode(cloud, site.subnets[0]);
  await client.send(new ec2.ReplaceRouteCommand({ ...route, InstanceId: other.id }));
  t.like(await overlayRoute(client, site), { NetworkInterfaceId: other.eni, InstanceId: other.id });
});

test("a route is a black hole while its target is stopped, and again active when it runs", async (t) => {
  const { client, site, node } = await routedSite();
  await client.send(new ec2.StopInstancesCommand({ InstanceIds: [node.id] }));
  t.like(await overlayRoute(client, site), { InstanceId: node.id, State: "blackhole" });
  await client.send(new ec2.StartInstancesCommand({ InstanceIds: [node.id] }));
  t.like(await overlayRoute(client, site), { InstanceId: node.id, State: "active" });
});

test("a route is a black hole when its target is terminated, and names the interface that was", async (t) => {
  const { client, site, node } = await routedSite();
  await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [node.id] }));
  const route = await overlayRoute(client, site);
  t.like(route, { NetworkInterfaceId: node.eni, State: "blackhole" });
  t.is(route?.InstanceId, undefined);
});

test("a route is a black hole when its interface is detached", async (t) => {
  const { client, site, node, route } = await routedSite();
  const made = await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0] }));
  const eni = made.NetworkInterface?.NetworkInterfaceId ?? "";
  const attached = await client.send(
    new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId: eni, InstanceId: node.id, DeviceIndex: 1 }),
  );
  await client.send(new ec2.ReplaceRouteCommand({ ...route, NetworkInterfaceId: eni }));
  t.is((await overlayRoute(client, site))?.State, "active");
  await client.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId: attached.AttachmentId }));
  t.like(await overlayRoute(client, site), { NetworkInterfaceId: eni, State: "blackhole" });
});

test("routes to a detached internet gateway and to a deleted NAT gateway are black holes", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const { vpcId: VpcId, tables, subnets } = await makeSite(client);
  const [RouteTableId] = tables;
  const gateway = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const InternetGatewayId = gateway.InternetGateway?.InternetGatewayId ?? "";
  await client.send(new ec2.AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const nat = await client.send(
    new ec2.CreateNatGatewayCommand({ SubnetId: subnets[0], ConnectivityType: "private" }),
  );
  const NatGatewayId = nat.NatGateway?.NatGatewayId ?? "";
  const toGateway = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId };
  const toNat = { RouteTableId, DestinationCidrBlock: "203.0.113.0/24", NatGatewayId };
  await client.send(new ec2.CreateRouteCommand(toGateway));
  await client.send(new ec2.CreateRouteCommand(toNat));
  await client.send(new ec2.DetachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  await client.send(new ec2.DeleteNatGatewayCommand({ NatGatewayId }));
  const states = (await routesOf(client, RouteTableId)).map((route) => route.State);
  t.deepEqual(states, ["active", "blackhole", "blackhole"]);
});

test("ReplaceRoute wants exactly one target, and a route that exists", async (t) => {
  const { client, node, route } = await routedSite();
  const replace = (more: Partial<ec2.ReplaceRouteCommandInput>) =>
    refusal(client.send(new ec2.ReplaceRouteCommand({ ...route, ...more })));
  t.is((await replace({})).code, "MissingParameter");
  t.is(
    (await replace({ NetworkInterfaceId: node.eni, InstanceId: node.id })).code,
    "InvalidParameterCombination",
  );
  const absent = await replace({ NetworkInterfaceId: node.eni, DestinationCidrBlock: "192.168.99.9/32" });
  t.is(absent.code, "InvalidParameterValue");
  t.regex(absent.message, /There is no route defined for '192\.168\.99\.9\/32'.*Use CreateRoute instead/);
  t.is(
    (await replace({ NetworkInterfaceId: "eni-0000000000000dead" })).code,
    "InvalidNetworkInterfaceID.NotFound",
  );
});

test("a target in another VPC is refused", async (t) => {
  const { client, route } = await routedSite();
  const foreign = await routedSite();
  const call = client.send(new ec2.ReplaceRouteCommand({ ...route, NetworkInterfaceId: foreign.node.eni }));
  t.regex((await refusal(call)).message, /belong to different networks/);
});

test("a dry run of ReplaceRoute changes nothing and says that it would have", async (t) => {
  const { cloud, client, site, node, route } = await routedSite();
  const other = await launchNode(cloud, site.subnets[0]);
  const call = client.send(
    new ec2.ReplaceRouteCommand({ ...route, NetworkInterfaceId: other.eni, DryRun: true }),
  );
  t.like(await refusal(call), { code: "DryRunOperation", status: 412 });
  t.is((await overlayRoute(client, site))?.NetworkInterfaceId, node.eni);
});

test("CreateRoute does not overwrite a route", async (t) => {
  const { client, node, route } = await routedSite();
  const call = client.send(new ec2.CreateRouteCommand({ ...route, NetworkInterfaceId: node.eni }));
  t.is((await refusal(call)).code, "RouteAlreadyExists");
});

test("host bits of a destination are cleared", async (t) => {
  const { client, site, node, route } = await routedSite();
  const target = { NetworkInterfaceId: node.eni, RouteTableId: route.RouteTableId };
  await client.send(new ec2.CreateRouteCommand({ ...target, DestinationCidrBlock: "100.68.0.18/18" }));
  t.true(
    (await routesOf(client, site.tables[0])).some((one) => one.DestinationCidrBlock === "100.68.0.0/18"),
  );
  await client.send(
    new ec2.DeleteRouteCommand({ RouteTableId: route.RouteTableId, DestinationCidrBlock: "100.68.0.1/18" }),
  );
  t.false(
    (await routesOf(client, site.tables[0])).some((one) => one.DestinationCidrBlock === "100.68.0.0/18"),
  );
});

test("the local route cannot be removed, and one that is not there is said to be missing", async (t) => {
  const { client, site } = await routedSite();
  const [local] = await routesOf(client, site.tables[0]);
  const remove = (DestinationCidrBlock: string) =>
    refusal(client.send(new ec2.DeleteRouteCommand({ RouteTableId: site.tables[0], DestinationCidrBlock })));
  t.regex((await remove(local?.DestinationCidrBlock ?? "")).message, /cannot remove local route/);
  t.is((await remove("198.51.100.0/24")).code, "InvalidRoute.NotFound");
});

test("route tables are found by what their routes lead to", async (t) => {
  const { client, site, node } = await routedSite();
  const find = async (Name: string, value: string) => {
    const { RouteTables } = await client.send(
      new ec2.DescribeRouteTablesCommand({ Filters: [{ Name, Values: [value] }] }),
    );
    return RouteTables?.map((table) => table.RouteTableId);
  };
  t.deepEqual(await find("route.instance-id", node.id), [site.tables[0]]);
  t.deepEqual(await find("association.subnet-id", site.subnets[1]), [site.tables[1]]);
  const unknown = await refusal(find("route.colour", "blue"));
  t.like(unknown, { code: "InvalidParameterValue", status: 400 });
  t.regex(unknown.message, /The filter 'route\.colour' is invalid/);
});

test("a subnet with a route table of its own cannot be given another without replacing the association", async (t) => {
  const { client, site } = await routedSite();
  const call = client.send(
    new ec2.AssociateRouteTableCommand({ SubnetId: site.subnets[0], RouteTableId: site.tables[1] }),
  );
  t.is((await refusal(call)).code, "Resource.AlreadyAssociated");
});
