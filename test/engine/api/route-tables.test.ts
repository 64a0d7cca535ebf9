/** Route tables: what they can be associated with, and which destinations their routes can have. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { launchNode, makeSite, refusal, type Site, withCloud } from "./_cloud";

const theCloud = withCloud(test);

async function gatewayOf(client: ec2.EC2Client, site: Site): Promise<string> {
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}));
  const InternetGatewayId = InternetGateway?.InternetGatewayId ?? "";
  await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId: site.vpcId }));
  return InternetGatewayId;
}

async function makeTable(client: ec2.EC2Client, VpcId: string): Promise<string> {
  return (await client.send(new ec2.CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId ?? "";
}

async function blockOf(client: ec2.EC2Client, subnetId: string): Promise<string> {
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [subnetId] }));
  return Subnets?.[0]?.CidrBlock ?? "";
}

test("a table is associated with a gateway that exists, is attached to its VPC, and has no other table", async (t) => {
  const client = theCloud().ec2();
  const [site, other] = [await makeSite(client), await makeSite(client)];
  const table = await makeTable(client, site.vpcId);
  const associate = (GatewayId: string, RouteTableId = table) =>
    client.send(new ec2.AssociateRouteTableCommand({ RouteTableId, GatewayId }));
  t.is((await refusal(associate("igw-0123456789abcdef0"))).code, "InvalidInternetGatewayID.NotFound");
  const { InternetGateway } = await client.send(new ec2.CreateInternetGatewayCommand({}));
  t.is((await refusal(associate(InternetGateway?.InternetGatewayId ?? ""))).code, "Gateway.NotAttached");
  t.is((await refusal(associate(await gatewayOf(client, other)))).code, "InvalidParameterValue");
  t.is((await refusal(associate("vgw-0123456789abcdef0"))).code, "NotImplementedByTheFakeAws");
  const gateway = await gatewayOf(client, site);
  t.truthy((await associate(gateway)).AssociationId);
  t.is((await refusal(associate(gateway))).code, "Resource.AlreadyAssociated");
  const second = await makeTable(client, site.vpcId);
  t.is((await refusal(associate(gateway, second))).code, "Resource.AlreadyAssociated");
  const nothing = client.send(new ec2.AssociateRouteTableCommand({ RouteTableId: table }));
  t.is((await refusal(nothing)).code, "MissingParameter");
  const foreign = client.send(
    new ec2.AssociateRouteTableCommand({ RouteTableId: table, SubnetId: other.subnets[0] }),
  );
  t.is((await refusal(foreign)).code, "InvalidParameterValue");
});

test("inside of the VPC a route leads to a whole subnet, by way of an interface", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const gateway = await gatewayOf(client, site);
  const { eni } = await launchNode(cloud, site.subnets[0]);
  const block = await blockOf(client, site.subnets[1]);
  const create = (DestinationCidrBlock: string, target: Partial<ec2.CreateRouteCommandInput>) =>
    client.send(
      new ec2.CreateRouteCommand({ RouteTableId: site.tables[0], DestinationCidrBlock, ...target }),
    );
  const host = await refusal(create(block.replace("0/24", "9/32"), { NetworkInterfaceId: eni }));
  t.like(host, { code: "InvalidParameterValue" });
  t.regex(host.message, /doesn't match any subnet CIDR blocks/);
  const toGateway = await refusal(create(block, { GatewayId: gateway }));
  t.regex(toGateway.message, /Route target is not supported/);
  await create(block, { NetworkInterfaceId: eni });
  t.is((await refusal(create(block, { NetworkInterfaceId: eni }))).code, "RouteAlreadyExists");
  const route = { RouteTableId: site.tables[0], DestinationCidrBlock: block };
  const replaced = client.send(new ec2.ReplaceRouteCommand({ ...route, GatewayId: gateway }));
  t.is((await refusal(replaced)).code, "InvalidParameterValue");
});

test("a gateway's table has routes to the VPC's subnets only, by way of interfaces", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const GatewayId = await gatewayOf(client, site);
  const { eni: NetworkInterfaceId } = await launchNode(cloud, site.subnets[0]);
  const block = await blockOf(client, site.subnets[1]);
  const table = await makeTable(client, site.vpcId);
  const outside = { RouteTableId: table, DestinationCidrBlock: "192.168.10.1/32", NetworkInterfaceId };
  await client.send(new ec2.CreateRouteCommand(outside));
  const associate = () => client.send(new ec2.AssociateRouteTableCommand({ RouteTableId: table, GatewayId }));
  t.is((await refusal(associate())).code, "InvalidParameterValue", "it has a route to elsewhere");
  await client.send(
    new ec2.DeleteRouteCommand({ RouteTableId: table, DestinationCidrBlock: "192.168.10.1/32" }),
  );
  await associate();
  t.is((await refusal(client.send(new ec2.CreateRouteCommand(outside)))).code, "InvalidParameterValue");
  await client.send(new ec2.CreateRouteCommand({ ...outside, DestinationCidrBlock: block }));
  const { RouteTables } = await client.send(new ec2.DescribeRouteTablesCommand({ RouteTableIds: [table] }));
  t.true(RouteTables?.[0]?.Routes?.some((route) => route.DestinationCidrBlock === block));
});

test("a list's page has as many items as its action allows", async (t) => {
  const client = theCloud().ec2();
  const page = (MaxResults: number) => client.send(new ec2.DescribeRouteTablesCommand({ MaxResults }));
  for (const size of [4, 101]) {
    const refused = await refusal(page(size));
    t.like(refused, { code: "InvalidParameterValue" });
    t.regex(refused.message, new RegExp(`Value \\( ${size} \\) for parameter maxResults is invalid.*5.*100`));
  }
  await page(100);
  const both = client.send(
    new ec2.DescribeInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"], MaxResults: 5 }),
  );
  t.not((await refusal(both)).code, "ok");
  const bad = client.send(new ec2.DescribeRouteTablesCommand({ NextToken: "nobody's" }));
  t.is((await refusal(bad)).code, "InvalidNextToken");
});
