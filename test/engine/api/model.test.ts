/** The decoded model: what the fabric and the resolver know of the fake AWS. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as r53 from "@aws-sdk/client-route-53";
import test from "ava";
import { type CloudModel, follow } from "../../cloud/model";
import { launchNode, makeSite, withCloud } from "./_cloud";

const theCloud = withCloud(test);
const REGION = "us-east-1";

const byId = <T extends { readonly id: string }>(items: readonly T[], id: string): T => {
  const found = items.find((item) => item.id === id);
  if (found === undefined) throw new Error(`the model has no ${id}`);
  return found;
};

test("has routes with state and target, and interfaces with what is attached to what", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const node = await launchNode(cloud, site.subnets[0], { UserData: "I2Nsb3VkLWNvbmZpZwo=" });
  const route = { RouteTableId: site.tables[0], DestinationCidrBlock: "192.168.10.1/32" };
  await client.send(new ec2.CreateRouteCommand({ ...route, NetworkInterfaceId: node.eni }));
  const before = await cloud.admin.model(REGION);
  const overlay = (model: CloudModel) =>
    byId(model.routeTables, site.tables[0]).routes.find(
      (one) => one.destinationCidrBlock === route.DestinationCidrBlock,
    );
  t.like(overlay(before), { state: "active", target: { kind: "network-interface", id: node.eni } });
  t.deepEqual(byId(before.routeTables, site.tables[0]).subnetIds, [site.subnets[0]]);
  t.like(byId(before.networkInterfaces, node.eni), {
    sourceDestCheck: true,
    attachment: { instanceId: node.id, deviceIndex: 0, status: "attached" },
  });
  t.like(byId(before.instances, node.id), { state: "running", boots: 0, userData: "I2Nsb3VkLWNvbmZpZwo=" });
  await client.send(new ec2.StopInstancesCommand({ InstanceIds: [node.id] }));
  const after = await cloud.admin.model(REGION);
  t.is(overlay(after)?.state, "blackhole");
  t.true(after.n > before.n);
});

test("counts every boot, and shows changed attributes", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id } = await launchNode(cloud, site.subnets[0]);
  const ids = { InstanceIds: [id] };
  await client.send(new ec2.RebootInstancesCommand(ids));
  await client.send(new ec2.StopInstancesCommand(ids));
  t.like(byId((await cloud.admin.model(REGION)).instances, id), { state: "stopped", boots: 1, userData: "" });
  const UserData = { Value: Buffer.from("#cloud-config\n") };
  await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, UserData }));
  await client.send(new ec2.StartInstancesCommand(ids));
  const started = byId((await cloud.admin.model(REGION)).instances, id);
  t.like(started, { state: "running", boots: 2 });
  t.is(Buffer.from(started.userData, "base64").toString(), "#cloud-config\n");
  const off = { VpcId: site.vpcId, EnableDnsSupport: { Value: false } };
  t.true(byId((await cloud.admin.model(REGION)).vpcs, site.vpcId).enableDnsSupport);
  await client.send(new ec2.ModifyVpcAttributeCommand(off));
  t.false(byId((await cloud.admin.model(REGION)).vpcs, site.vpcId).enableDnsSupport);
});

test("decodes security groups: blocks, groups, protocols without ports", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const made = await client.send(
    new ec2.CreateSecurityGroupCommand({ VpcId: site.vpcId, GroupName: "nodes", Description: "nodes" }),
  );
  const GroupId = made.GroupId ?? "";
  const IpPermissions = [
    { IpProtocol: "tcp", FromPort: 22, ToPort: 80, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
    { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId }] },
  ];
  await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const group = byId((await cloud.admin.model(REGION)).securityGroups, GroupId);
  t.deepEqual(
    group.ingress.map((rule) => [
      rule.protocol,
      rule.fromPort,
      rule.toPort,
      ...rule.cidrBlocks,
      ...rule.securityGroupIds,
    ]),
    [
      ["tcp", 22, 80, "10.0.0.0/8"],
      ["-1", -1, -1, GroupId],
    ],
  );
  t.deepEqual(
    group.egress.map((rule) => rule.cidrBlocks),
    [["0.0.0.0/0"]],
  );
});

test("a change of records is visible to resolvers when it is INSYNC, and what was before until then", async (t) => {
  const cloud = theCloud();
  const client = new r53.Route53Client(cloud.config());
  const site = await makeSite(cloud.ec2());
  const VPC = { VPCRegion: REGION, VPCId: site.vpcId } as const;
  const made = await client.send(
    new r53.CreateHostedZoneCommand({ Name: "model.example", CallerReference: "model", VPC }),
  );
  const HostedZoneId = made.HostedZone?.Id ?? "";
  const put = (Value: string) => {
    const ResourceRecords = [{ Value }];
    const ResourceRecordSet = { Name: "a.model.example", Type: "A" as const, TTL: 10, ResourceRecords };
    const ChangeBatch = { Changes: [{ Action: "UPSERT" as const, ResourceRecordSet }] };
    return client.send(new r53.ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
  };
  await put("10.0.0.1");
  await cloud.admin.changeSettings({ route53PendingMs: 60_000 });
  await put("10.0.0.2");
  const slow = byId((await cloud.admin.model(REGION)).hostedZones, HostedZoneId.replace("/hostedzone/", ""));
  await cloud.admin.changeSettings({ route53PendingMs: 0 });
  const quick = byId((await cloud.admin.model(REGION)).hostedZones, HostedZoneId.replace("/hostedzone/", ""));
  const valuesOf = (zone: typeof slow) =>
    zone.versions.map(({ records }) => records.find((one) => one.type === "A")?.values[0]);
  t.deepEqual(valuesOf(slow), [undefined, "10.0.0.1", "10.0.0.2"]);
  t.true((slow.versions.at(-1)?.visibleAt ?? 0) > Date.now() + 30_000);
  t.deepEqual(valuesOf(quick), ["10.0.0.2"]);
  t.deepEqual(quick.versions[0]?.vpcIds, [site.vpcId]);
});

test("who follows is handed over the newest, and told when the cloud is gone", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const seen: CloudModel[] = [];
  const { VpcId } = (await client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.250.0.0/16" }))).Vpc ?? {};
  let arrived: () => void = () => undefined;
  const last = new Promise<void>((resolve) => (arrived = resolve));
  const following = await follow(
    cloud.cloud.url,
    REGION,
    (model) => {
      seen.push(model);
      if (!model.vpcs.some(({ id }) => id === VpcId)) arrived();
    },
    (reason) => t.fail(reason.message),
  );
  await client.send(new ec2.DeleteVpcCommand({ VpcId }));
  await last;
  following.close();
  t.true(seen.length >= 1);
  await t.throwsAsync(
    follow(
      "http://127.0.0.1:9",
      REGION,
      () => undefined,
      () => undefined,
    ),
    {
      message: /ECONNREFUSED/,
    },
  );
});
