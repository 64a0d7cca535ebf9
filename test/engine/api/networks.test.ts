/** VPCs and what belongs to them: blocks, groups, gateways, endpoints, addresses, tags, regions. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as resolver from "@aws-sdk/client-route53resolver";
import * as ssm from "@aws-sdk/client-ssm";
import test from "ava";
import { makeSite, refusal, withCloud } from "./_cloud";

const theCloud = withCloud(test);

async function interfacesIn(client: ec2.EC2Client, vpcId: string): Promise<ec2.NetworkInterface[]> {
  const { NetworkInterfaces } = await client.send(
    new ec2.DescribeNetworkInterfacesCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
  );
  return NetworkInterfaces ?? [];
}

test("blocks are kept without host bits, from /16 to /28, inside of the VPC, and do not overlap", async (t) => {
  const client = theCloud().ec2();
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.200.5.3/16" }));
  t.is(Vpc?.CidrBlock, "10.200.0.0/16");
  const subnet = (CidrBlock: string) =>
    client.send(new ec2.CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock }));
  t.is((await subnet("10.200.1.7/24")).Subnet?.CidrBlock, "10.200.1.0/24");
  t.is((await refusal(subnet("10.200.1.0/25"))).code, "InvalidSubnet.Conflict");
  t.is((await refusal(subnet("10.201.1.0/24"))).code, "InvalidSubnet.Range");
  t.is((await refusal(subnet("10.200.2.0/29"))).code, "InvalidSubnet.Range");
  t.is(
    (await refusal(client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0.0/8" })))).code,
    "InvalidVpc.Range",
  );
  t.is(
    (await refusal(client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0/16" })))).code,
    "InvalidParameterValue",
  );
});

test("DHCP options have the tags that they were made with; regions and zones are found by name", async (t) => {
  const client = theCloud().ec2();
  const { DhcpOptions } = await client.send(
    new ec2.CreateDhcpOptionsCommand({
      DhcpConfigurations: [{ Key: "domain-name", Values: ["mycompany.corp"] }],
      TagSpecifications: [{ ResourceType: "dhcp-options", Tags: [{ Key: "Lab", Value: "offline" }] }],
    }),
  );
  const tagged = [{ Name: "tag:Lab", Values: ["offline"] }];
  const found = await client.send(new ec2.DescribeDhcpOptionsCommand({ Filters: tagged }));
  t.deepEqual(
    found.DhcpOptions?.map((one) => one.DhcpOptionsId),
    [DhcpOptions?.DhcpOptionsId],
  );
  const { Regions } = await client.send(new ec2.DescribeRegionsCommand({ RegionNames: ["eu-central-1"] }));
  t.deepEqual(
    Regions?.map((one) => one.RegionName),
    ["eu-central-1"],
  );
  const zones = client.send(new ec2.DescribeAvailabilityZonesCommand({ ZoneNames: ["us-east-1z"] }));
  t.is((await refusal(zones)).code, "InvalidParameterValue");
});

test("a NAT gateway has an interface and an address in use, and takes the interface along", async (t) => {
  const client = theCloud().ec2();
  const { vpcId, subnets } = await makeSite(client);
  const { AllocationId } = await client.send(new ec2.AllocateAddressCommand({ Domain: "vpc" }));
  const { NatGateway } = await client.send(
    new ec2.CreateNatGatewayCommand({ SubnetId: subnets[0], AllocationId }),
  );
  const NatGatewayId = NatGateway?.NatGatewayId;
  t.like((await interfacesIn(client, vpcId))[0], {
    InterfaceType: "nat_gateway",
    Status: "in-use",
    SubnetId: subnets[0],
  });
  const release = () => client.send(new ec2.ReleaseAddressCommand({ AllocationId }));
  t.is((await refusal(release())).code, "InvalidIPAddress.InUse");
  t.is(
    (await refusal(client.send(new ec2.DeleteSubnetCommand({ SubnetId: subnets[0] })))).code,
    "DependencyViolation",
  );
  await client.send(new ec2.DeleteNatGatewayCommand({ NatGatewayId }));
  t.deepEqual(await interfacesIn(client, vpcId), []);
  await release();
});

test("a gateway endpoint puts its route into the tables and takes it out again", async (t) => {
  const client = theCloud().ec2();
  const { vpcId: VpcId, tables } = await makeSite(client);
  const { VpcEndpoint } = await client.send(
    new ec2.CreateVpcEndpointCommand({
      VpcId,
      ServiceName: "com.amazonaws.us-east-1.s3",
      RouteTableIds: tables,
    }),
  );
  const endpoint = VpcEndpoint?.VpcEndpointId ?? "";
  const routes = async () => {
    const { RouteTables } = await client.send(new ec2.DescribeRouteTablesCommand({ RouteTableIds: tables }));
    return (RouteTables ?? [])
      .flatMap((table) => table.Routes ?? [])
      .filter((route) => route.GatewayId === endpoint);
  };
  t.deepEqual(
    (await routes()).map((route) => route.State),
    ["active", "active"],
  );
  const modify = { VpcEndpointId: endpoint };
  await client.send(new ec2.ModifyVpcEndpointCommand({ ...modify, RemoveRouteTableIds: [tables[0]] }));
  t.is((await routes()).length, 1);
  await client.send(new ec2.ModifyVpcEndpointCommand({ ...modify, AddRouteTableIds: [tables[0]] }));
  t.is((await routes()).length, 2);
  await client.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [endpoint] }));
  t.deepEqual(await routes(), []);
});

test("a transit gateway's static route leads to an attachment, and to nowhere when that is gone", async (t) => {
  const client = theCloud().ec2();
  const { vpcId: VpcId, subnets, tables } = await makeSite(client);
  const { TransitGateway } = await client.send(new ec2.CreateTransitGatewayCommand({}));
  const TransitGatewayId = TransitGateway?.TransitGatewayId;
  const made = await client.send(
    new ec2.CreateTransitGatewayVpcAttachmentCommand({ TransitGatewayId, VpcId, SubnetIds: subnets }),
  );
  const TransitGatewayAttachmentId = made.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId;
  const table = { TransitGatewayRouteTableId: TransitGateway?.Options?.AssociationDefaultRouteTableId };
  const route = { ...table, DestinationCidrBlock: "192.168.10.1/32", TransitGatewayAttachmentId };
  await client.send(new ec2.CreateTransitGatewayRouteCommand(route));
  t.is(
    (await refusal(client.send(new ec2.CreateTransitGatewayRouteCommand(route)))).code,
    "RouteAlreadyExists",
  );
  await client.send(
    new ec2.CreateRouteCommand({
      RouteTableId: tables[0],
      DestinationCidrBlock: "172.20.0.0/16",
      TransitGatewayId,
    }),
  );
  const states = async () => {
    const input = { ...table, Filters: [{ Name: "type", Values: ["static"] }] };
    const found = await client.send(new ec2.SearchTransitGatewayRoutesCommand(input));
    const { RouteTables } = await client.send(
      new ec2.DescribeRouteTablesCommand({ RouteTableIds: [tables[0]] }),
    );
    return [found.Routes?.[0]?.State, RouteTables?.[0]?.Routes?.[1]?.State];
  };
  t.deepEqual(await states(), ["active", "active"]);
  await client.send(new ec2.DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId }));
  t.deepEqual(await states(), ["blackhole", "blackhole"]);
});

test("a Resolver endpoint has its addresses in the subnets", async (t) => {
  const cloud = theCloud();
  const { vpcId, subnets } = await makeSite(cloud.ec2());
  const client = new resolver.Route53ResolverClient(cloud.config());
  const groups = await cloud
    .ec2()
    .send(new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }));
  const { ResolverEndpoint } = await client.send(
    new resolver.CreateResolverEndpointCommand({
      CreatorRequestId: "one",
      Direction: "INBOUND",
      SecurityGroupIds: [groups.SecurityGroups?.[0]?.GroupId ?? ""],
      IpAddresses: subnets.map((SubnetId) => ({ SubnetId })),
    }),
  );
  const { IpAddresses } = await client.send(
    new resolver.ListResolverEndpointIpAddressesCommand({ ResolverEndpointId: ResolverEndpoint?.Id }),
  );
  const own = (await interfacesIn(cloud.ec2(), vpcId)).map((eni) => eni.PrivateIpAddress);
  t.deepEqual(IpAddresses?.map((one) => one.Ip).sort(), own.sort());
  t.deepEqual(IpAddresses?.map((one) => one.SubnetId).sort(), [...subnets].sort());
});

test("addresses of a Resolver endpoint can be added and taken away, but two remain", async (t) => {
  const cloud = theCloud();
  const { vpcId, subnets } = await makeSite(cloud.ec2());
  const other = await makeSite(cloud.ec2());
  const client = new resolver.Route53ResolverClient(cloud.config());
  const groups = await cloud
    .ec2()
    .send(new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }));
  const { ResolverEndpoint } = await client.send(
    new resolver.CreateResolverEndpointCommand({
      CreatorRequestId: "addresses",
      Direction: "INBOUND",
      SecurityGroupIds: [groups.SecurityGroups?.[0]?.GroupId ?? ""],
      IpAddresses: subnets.map((SubnetId) => ({ SubnetId })),
    }),
  );
  const ResolverEndpointId = ResolverEndpoint?.Id;
  const addresses = async () => {
    const input = { ResolverEndpointId };
    const found = await client.send(new resolver.ListResolverEndpointIpAddressesCommand(input));
    return found.IpAddresses ?? [];
  };
  const add = (IpAddress: resolver.IpAddressUpdate) =>
    client.send(new resolver.AssociateResolverEndpointIpAddressCommand({ ResolverEndpointId, IpAddress }));
  const remove = (IpId = "") =>
    client.send(
      new resolver.DisassociateResolverEndpointIpAddressCommand({ ResolverEndpointId, IpAddress: { IpId } }),
    );
  const [first, second] = await addresses();
  t.is((await refusal(remove(first?.IpId))).code, "InvalidRequestException");
  const taken = add({ SubnetId: second?.SubnetId, Ip: second?.Ip });
  t.is((await refusal(taken)).code, "ResourceExistsException");
  t.is((await refusal(add({ SubnetId: other.subnets[0] }))).code, "InvalidParameterException");
  const ip = second?.Ip?.replace(/\d+$/, "77");
  await add({ SubnetId: second?.SubnetId, Ip: ip });
  t.is((await addresses()).length, 3);
  await remove(first?.IpId);
  t.deepEqual((await addresses()).map((one) => one.Ip).sort(), [second?.Ip, ip].sort());
  const own = (await interfacesIn(cloud.ec2(), vpcId)).map((eni) => eni.PrivateIpAddress);
  t.deepEqual(own.sort(), [second?.Ip, ip].sort(), "and their interfaces with them");
  t.is((await refusal(remove(first?.IpId))).code, "ResourceNotFoundException");
});

test("a VPC's tenancy can be changed to default", async (t) => {
  const client = theCloud().ec2();
  const { Vpc } = await client.send(
    new ec2.CreateVpcCommand({ CidrBlock: "10.210.0.0/16", InstanceTenancy: "dedicated" }),
  );
  t.is(Vpc?.InstanceTenancy, "dedicated");
  const change = (VpcId = "") =>
    client.send(new ec2.ModifyVpcTenancyCommand({ VpcId, InstanceTenancy: "default" }));
  t.true((await change(Vpc?.VpcId)).ReturnValue);
  const { Vpcs } = await client.send(new ec2.DescribeVpcsCommand({ VpcIds: [Vpc?.VpcId ?? ""] }));
  t.is(Vpcs?.[0]?.InstanceTenancy, "default");
  t.is((await refusal(change("vpc-00000000000000000"))).code, "InvalidVpcID.NotFound");
});

test("tags of a parameter can be set and removed", async (t) => {
  const client = new ssm.SSMClient(theCloud().config());
  await client.send(
    new ssm.PutParameterCommand({
      Name: "/lab/one",
      Type: "String",
      Value: "1",
      Tags: [
        { Key: "Name", Value: "one" },
        { Key: "Lab", Value: "x" },
      ],
    }),
  );
  const parameter = { ResourceType: "Parameter", ResourceId: "/lab/one" } as const;
  await client.send(new ssm.RemoveTagsFromResourceCommand({ ...parameter, TagKeys: ["Name"] }));
  const { TagList } = await client.send(new ssm.ListTagsForResourceCommand(parameter));
  t.deepEqual(TagList, [{ Key: "Lab", Value: "x" }]);
  const none = { ...parameter, ResourceId: "/lab/none", TagKeys: ["Name"] };
  t.is((await refusal(client.send(new ssm.RemoveTagsFromResourceCommand(none)))).code, "InvalidResourceId");
});

test("tags: Unicode is kept, what does not exist cannot be tagged, aws: is reserved", async (t) => {
  const client = theCloud().ec2();
  const { vpcId } = await makeSite(client);
  const tag = (id: string, Key: string) =>
    client.send(
      new ec2.CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value: "Höhe & <Tiefe> 日本" }] }),
    );
  await tag(vpcId, "Ort");
  const filter = [{ Name: "tag:Ort", Values: ["Höhe & <Tiefe>*"] }];
  const { Vpcs } = await client.send(new ec2.DescribeVpcsCommand({ Filters: filter }));
  t.deepEqual(Vpcs?.[0]?.Tags, [{ Key: "Ort", Value: "Höhe & <Tiefe> 日本" }]);
  t.is((await refusal(tag("i-0000000000000dead", "a"))).code, "InvalidInstanceID.NotFound");
  t.is((await refusal(tag(vpcId, "aws:a"))).code, "InvalidParameterValue");
});

test("DescribeRegions has the regions of the account's partition only", async (t) => {
  const { Regions } = await theCloud().ec2().send(new ec2.DescribeRegionsCommand({}));
  const names = Regions?.map((region) => region.RegionName ?? "") ?? [];
  t.true(names.includes("us-east-1") && names.includes("eu-central-1"));
  t.deepEqual(
    names.filter((name) => /^(cn|us-gov|us-iso)/.test(name)),
    [],
  );
});

test("lists come in pages, and an unknown filter is an error of AWS's kind", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  for (let count = 0; count < 3; count += 1) await makeSite(client);
  const seen: (string | undefined)[] = [];
  for await (const page of ec2.paginateDescribeSubnets({ client, pageSize: 5 }, {})) {
    t.true((page.Subnets ?? []).length <= 5);
    seen.push(...(page.Subnets ?? []).map((subnet) => subnet.SubnetId));
  }
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand({}));
  t.deepEqual(
    seen,
    Subnets?.map((subnet) => subnet.SubnetId),
  );
  const Filters = [{ Name: "colour", Values: ["blue"] }];
  const refused = await Promise.all([
    refusal(client.send(new ec2.DescribeInstancesCommand({ Filters }))),
    refusal(client.send(new ec2.DescribeInternetGatewaysCommand({ Filters }))),
    refusal(client.send(new ec2.DescribeImagesCommand({ Filters }))),
    refusal(client.send(new ec2.DescribeNetworkInterfacesCommand({ Filters }))),
  ]);
  const like = { code: "InvalidParameterValue", message: "The filter 'colour' is invalid", status: 400 };
  t.deepEqual(refused, new Array(4).fill(like));
});
