/** Transit gateways, their attachments to VPCs and the static routes. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { makeSite, refusal, type Site, withCloud } from "./_cloud";

const theCloud = withCloud(test);

async function attached(
  Tags?: ec2.Tag[],
): Promise<{ client: ec2.EC2Client; site: Site; gateway: ec2.TransitGateway; id: string }> {
  const client = theCloud().ec2();
  const site = await makeSite(client);
  const { TransitGateway: gateway = {} } = await client.send(new ec2.CreateTransitGatewayCommand({}));
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
  const without = { Options: { DefaultRouteTableAssociation: "disable" } } as const;
  t.is(
    (await refusal(client.send(new ec2.CreateTransitGatewayCommand(without)))).code,
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
  t.deepEqual(found.Routes?.[0]?.TransitGatewayAttachments, leadsTo);
});
