/** Transit gateways, their attachments to VPCs and the static routes. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { makeSite, refusal, type Site, withCloud } from "./_cloud";

const theCloud = withCloud(test);

async function attached(
  Tags?: ec2.Tag[],
  Options?: ec2.TransitGatewayRequestOptions,
): Promise<{ client: ec2.EC2Client; site: Site; gateway: ec2.TransitGateway; id: string }> {
  const client = theCloud().ec2();
  const site = await makeSite(client);
  const { TransitGateway: gateway = {} } = await client.send(
    new ec2.CreateTransitGatewayCommand({ Options }),
  );
  const made = await client.send(
    new ec2.CreateTransitGatewayVpcAttachmentCommand({
      TransitGatewayId: gateway.TransitGatewayId,
      VpcId: site.vpcId,
      SubnetIds: [site.subnets[0]],
      ...(Tags ? { TagSpecifications: [{ ResourceType: "transit-gateway-attachment", Tags }] } : {}),
    }),
  );
  const id = made.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId ?? "";
  return { client, site, gateway, id };
}

async function shown(client: ec2.EC2Client, id: string): Promise<ec2.TransitGatewayVpcAttachment> {
  const found = await client.send(
    new ec2.DescribeTransitGatewayVpcAttachmentsCommand({ TransitGatewayAttachmentIds: [id] }),
  );
  return found.TransitGatewayVpcAttachments?.[0] ?? {};
}

test("an attachment has the tags that it was made with, and later ones", async (t) => {
  const { client, id } = await attached([{ Key: "Name", Value: "on-premises" }]);
  t.deepEqual((await shown(client, id)).Tags, [{ Key: "Name", Value: "on-premises" }]);
  await client.send(new ec2.CreateTagsCommand({ Resources: [id], Tags: [{ Key: "Lab", Value: "one" }] }));
  await client.send(new ec2.DeleteTagsCommand({ Resources: [id], Tags: [{ Key: "Name" }] }));
  t.deepEqual((await shown(client, id)).Tags, [{ Key: "Lab", Value: "one" }]);
  const found = await client.send(
    new ec2.DescribeTransitGatewayAttachmentsCommand({ Filters: [{ Name: "tag:Lab", Values: ["one"] }] }),
  );
  t.deepEqual(
    found.TransitGatewayAttachments?.map((one) => one.TransitGatewayAttachmentId),
    [id],
  );
});

test("an attachment has subnets of its VPC, one in a zone, and at least one", async (t) => {
  const { client, site, gateway, id } = await attached();
  const other = await makeSite(client);
  const modify = (change: Partial<ec2.ModifyTransitGatewayVpcAttachmentCommandInput>) =>
    client.send(
      new ec2.ModifyTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: id, ...change }),
    );
  await modify({ AddSubnetIds: [site.subnets[1]], Options: { ApplianceModeSupport: "enable" } });
  const attachment = await shown(client, id);
  t.deepEqual(attachment.SubnetIds, site.subnets);
  t.is(attachment.Options?.ApplianceModeSupport, "enable");
  await modify({ RemoveSubnetIds: [site.subnets[0]] });
  t.deepEqual((await shown(client, id)).SubnetIds, [site.subnets[1]]);
  t.is((await refusal(modify({ AddSubnetIds: [other.subnets[0]] }))).code, "InvalidSubnetID.NotFound");
  t.is((await refusal(modify({ RemoveSubnetIds: [site.subnets[1]] }))).code, "InsufficientSubnetsException");
  const { Subnet } = await client.send(
    new ec2.CreateSubnetCommand({
      VpcId: other.vpcId,
      CidrBlock: (await firstBlock(client, other)).replace(".0.0/24", ".9.0/24"),
      AvailabilityZone: "us-east-1a",
    }),
  );
  const twice = client.send(
    new ec2.CreateTransitGatewayVpcAttachmentCommand({
      TransitGatewayId: gateway.TransitGatewayId,
      VpcId: other.vpcId,
      SubnetIds: [other.subnets[0], Subnet?.SubnetId ?? ""],
    }),
  );
  t.is((await refusal(twice)).code, "DuplicateSubnetsInSameZone");
});

async function firstBlock(client: ec2.EC2Client, site: Site): Promise<string> {
  const { Subnets } = await client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [site.subnets[0]] }));
  return Subnets?.[0]?.CidrBlock ?? "";
}

test("a transit gateway's description and options can be changed; unknown ones are refused", async (t) => {
  const { client, gateway } = await attached();
  const modify = (change: Partial<ec2.ModifyTransitGatewayCommandInput>) =>
    client.send(
      new ec2.ModifyTransitGatewayCommand({ TransitGatewayId: gateway.TransitGatewayId, ...change }),
    );
  await modify({
    Description: "other",
    Options: { AmazonSideAsn: 64600, VpnEcmpSupport: "disable", SecurityGroupReferencingSupport: "enable" },
  });
  const { TransitGateways } = await client.send(
    new ec2.DescribeTransitGatewaysCommand({ TransitGatewayIds: [gateway.TransitGatewayId ?? ""] }),
  );
  t.like(TransitGateways?.[0], {
    Description: "other",
    Options: {
      AmazonSideAsn: 64600,
      DnsSupport: "enable",
      SecurityGroupReferencingSupport: "enable",
      VpnEcmpSupport: "disable",
    },
  });
  t.is(
    (await refusal(modify({ TransitGatewayId: "tgw-00000000000000000" }))).code,
    "InvalidTransitGatewayID.NotFound",
  );
  t.is(
    (await refusal(modify({ Options: { DefaultRouteTableAssociation: "disable" } }))).code,
    "NotImplementedByTheFakeAws",
  );
  t.is(
    (await refusal(modify({ Options: { AddTransitGatewayCidrBlocks: ["10.0.0.0/24"] } }))).code,
    "NotImplementedByTheFakeAws",
  );
});

test("a static route names its attachment and what that leads to", async (t) => {
  const { client, site, gateway, id } = await attached();
  const table = { TransitGatewayRouteTableId: gateway.Options?.AssociationDefaultRouteTableId };
  const route = { ...table, DestinationCidrBlock: "192.168.10.1/32", TransitGatewayAttachmentId: id };
  const leadsTo = [{ ResourceId: site.vpcId, ResourceType: "vpc", TransitGatewayAttachmentId: id }];
  const made = await client.send(new ec2.CreateTransitGatewayRouteCommand(route));
  t.deepEqual(made.Route?.TransitGatewayAttachments, leadsTo);
  const found = await client.send(
    new ec2.SearchTransitGatewayRoutesCommand({
      ...table,
      Filters: [{ Name: "attachment.transit-gateway-attachment-id", Values: [id] }],
    }),
  );
  const block = await vpcBlock(client, site);
  t.deepEqual(
    found.Routes?.map((one) => [
      one.DestinationCidrBlock,
      one.Type,
      one.State,
      one.TransitGatewayAttachments,
    ]),
    [
      ["192.168.10.1/32", "static", "active", leadsTo],
      [block, "propagated", "active", leadsTo],
    ],
  );
});

async function vpcBlock(client: ec2.EC2Client, site: Site): Promise<string> {
  const { Vpcs } = await client.send(new ec2.DescribeVpcsCommand({ VpcIds: [site.vpcId] }));
  return Vpcs?.[0]?.CidrBlock ?? "";
}

test("without default association and propagation an attachment is in no route table until it is put there", async (t) => {
  const options = {
    DefaultRouteTableAssociation: "disable",
    DefaultRouteTablePropagation: "disable",
  } as const;
  const { client, site, gateway, id } = await attached(undefined, options);
  t.is(gateway.Options?.AssociationDefaultRouteTableId, undefined);
  t.is(gateway.Options?.PropagationDefaultRouteTableId, undefined);
  const tables = await client.send(
    new ec2.DescribeTransitGatewayRouteTablesCommand({
      Filters: [{ Name: "transit-gateway-id", Values: [gateway.TransitGatewayId ?? ""] }],
    }),
  );
  t.deepEqual(tables.TransitGatewayRouteTables, []);

  const made = await client.send(
    new ec2.CreateTransitGatewayRouteTableCommand({ TransitGatewayId: gateway.TransitGatewayId }),
  );
  const TransitGatewayRouteTableId = made.TransitGatewayRouteTable?.TransitGatewayRouteTableId ?? "";
  const both = { TransitGatewayRouteTableId, TransitGatewayAttachmentId: id };
  const association = async (): Promise<string | undefined> => {
    const { TransitGatewayAttachments } = await client.send(
      new ec2.DescribeTransitGatewayAttachmentsCommand({ TransitGatewayAttachmentIds: [id] }),
    );
    return TransitGatewayAttachments?.[0]?.Association?.TransitGatewayRouteTableId;
  };
  const routes = async (): Promise<(string | undefined)[]> => {
    const { Routes = [] } = await client.send(
      new ec2.SearchTransitGatewayRoutesCommand({
        TransitGatewayRouteTableId,
        Filters: [{ Name: "type", Values: ["propagated"] }],
      }),
    );
    return Routes.map(({ DestinationCidrBlock }) => DestinationCidrBlock);
  };
  t.is(await association(), undefined);
  t.deepEqual(await routes(), []);
  const code = async (sent: Promise<unknown>): Promise<string> => (await refusal(sent)).code;
  const leaving = (): Promise<unknown>[] => [
    client.send(new ec2.DisassociateTransitGatewayRouteTableCommand(both)),
    client.send(new ec2.DisableTransitGatewayRouteTablePropagationCommand(both)),
  ];
  const [noAssociation, noPropagation] = await Promise.all(leaving().map(code));
  t.is(noAssociation, "InvalidAssociation.NotFound");
  t.is(noPropagation, "TransitGatewayRouteTablePropagation.NotFound");

  await client.send(new ec2.AssociateTransitGatewayRouteTableCommand(both));
  await client.send(new ec2.EnableTransitGatewayRouteTablePropagationCommand(both));
  t.is(await association(), TransitGatewayRouteTableId);
  t.deepEqual(await routes(), [await vpcBlock(client, site)]);
  t.is(
    await code(client.send(new ec2.AssociateTransitGatewayRouteTableCommand(both))),
    "Resource.AlreadyAssociated",
  );
  t.is(
    await code(client.send(new ec2.EnableTransitGatewayRouteTablePropagationCommand(both))),
    "TransitGatewayRouteTablePropagation.Duplicate",
  );
  const elsewhere = { ...both, TransitGatewayRouteTableId: "tgw-rtb-00000000000000000" };
  t.is(
    await code(client.send(new ec2.AssociateTransitGatewayRouteTableCommand(elsewhere))),
    "InvalidRouteTableID.NotFound",
  );

  await Promise.all(leaving());
  t.is(await association(), undefined);
  t.deepEqual(await routes(), []);
});

test("what was associated and propagated by default can be taken back, and goes with the attachment", async (t) => {
  const { client, gateway, id } = await attached();
  const TransitGatewayRouteTableId = gateway.Options?.AssociationDefaultRouteTableId ?? "";
  const both = { TransitGatewayRouteTableId, TransitGatewayAttachmentId: id };
  const entries = async (): Promise<(number | undefined)[]> => {
    const [associations, propagations] = await Promise.all([
      client.send(new ec2.GetTransitGatewayRouteTableAssociationsCommand({ TransitGatewayRouteTableId })),
      client.send(new ec2.GetTransitGatewayRouteTablePropagationsCommand({ TransitGatewayRouteTableId })),
    ]);
    return [associations.Associations?.length, propagations.TransitGatewayRouteTablePropagations?.length];
  };
  t.deepEqual(await entries(), [1, 1]);
  await client.send(new ec2.DisassociateTransitGatewayRouteTableCommand(both));
  await client.send(new ec2.DisableTransitGatewayRouteTablePropagationCommand(both));
  t.deepEqual(await entries(), [0, 0]);
  await client.send(new ec2.AssociateTransitGatewayRouteTableCommand(both));
  await client.send(new ec2.EnableTransitGatewayRouteTablePropagationCommand(both));
  t.deepEqual(await entries(), [1, 1]);
  await client.send(new ec2.DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: id }));
  t.deepEqual(await entries(), [0, 0]);
});
