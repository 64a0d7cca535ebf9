/** IAM is evaluated for real: resources, condition keys, sessions; and who is nobody. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import * as r53 from "@aws-sdk/client-route-53";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import test from "ava";
import { ACCOUNT_ID, LAB_CREDENTIALS } from "../../cloud/api";
import { IMAGE_PARAMETER, launchNode, makeSite, refusal, withCloud } from "./_cloud";
import { allow, arn, routed, userWith } from "./_identities";

const theCloud = withCloud(test);

test("an unknown access key is nobody", async (t) => {
  const cloud = theCloud();
  const nobody = { accessKeyId: "AKIANOBODY0000000000", secretAccessKey: "x" };
  const describe = cloud.ec2(nobody).send(new ec2.DescribeVpcsCommand({}));
  t.like(await refusal(describe), { code: "AuthFailure", status: 401 });
  const identity = new sts.STSClient(cloud.config(nobody)).send(new sts.GetCallerIdentityCommand({}));
  t.is((await refusal(identity)).code, "InvalidClientTokenId");
});

test("the lab's key is an administrator", async (t) => {
  const client = new sts.STSClient(theCloud().config(LAB_CREDENTIALS));
  const { Arn, Account } = await client.send(new sts.GetCallerIdentityCommand({}));
  t.deepEqual([Arn, Account], [`arn:aws:iam::${ACCOUNT_ID}:user/lab-administrator`, ACCOUNT_ID]);
});

test("without a permission every service refuses, in its own words, and knows who asks", async (t) => {
  const cloud = theCloud();
  const user = await userWith(cloud);
  const who = `arn:aws:iam::${ACCOUNT_ID}:user/${user.name}`;
  const describe = await refusal(cloud.ec2(user).send(new ec2.DescribeVpcsCommand({})));
  t.like(describe, { code: "UnauthorizedOperation", status: 403 });
  t.true(describe.message.includes(`User: ${who} is not authorized to perform: ec2:DescribeVpcs`));
  const zones = await refusal(
    new r53.Route53Client(cloud.config(user)).send(new r53.ListHostedZonesCommand({})),
  );
  t.like(zones, { code: "AccessDenied", status: 403 });
  const parameter = new SSMClient(cloud.config(user)).send(
    new GetParameterCommand({ Name: IMAGE_PARAMETER }),
  );
  t.is((await refusal(parameter)).code, "AccessDeniedException");
  const create = new iam.IAMClient(cloud.config(user)).send(new iam.CreateUserCommand({ UserName: "evil" }));
  t.is((await refusal(create)).code, "AccessDenied");
  const identity = await new sts.STSClient(cloud.config(user)).send(new sts.GetCallerIdentityCommand({}));
  t.is(identity.Arn, who, "everybody may ask who he is");
});

test("ReplaceRoute is judged by the route table's ARN, also in a dry run", async (t) => {
  const cloud = theCloud();
  const { site, replace } = await routed(cloud);
  const [mine, other] = site.tables;
  const client = cloud.ec2(await userWith(cloud, allow("ec2:ReplaceRoute", arn("route-table", mine))));
  await replace(client, mine);
  const refused = await refusal(replace(client, other));
  t.is(refused.code, "UnauthorizedOperation");
  t.true(refused.message.includes(`on resource: ${arn("route-table", other)}`));
  t.is((await refusal(replace(client, mine, true))).code, "DryRunOperation");
  t.is((await refusal(replace(client, other, true))).code, "UnauthorizedOperation");
});

test("attaching is judged by interface and instance, detaching by what the attachment joins", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [near, far] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[0])];
  const made = await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0] }));
  const NetworkInterfaceId = made.NetworkInterface?.NetworkInterfaceId ?? "";
  const resources = [arn("network-interface", NetworkInterfaceId), arn("instance", near.id)];
  const actions = ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"];
  const limited = cloud.ec2(await userWith(cloud, allow(actions, resources)));
  const attach = (by: ec2.EC2Client, InstanceId: string) =>
    by.send(new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
  t.is((await refusal(attach(limited, far.id))).code, "UnauthorizedOperation");
  const { AttachmentId } = await attach(limited, near.id);
  await limited.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId }));
  const foreign = await attach(client, far.id);
  const detach = limited.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId: foreign.AttachmentId }));
  t.is((await refusal(detach)).code, "UnauthorizedOperation");
});

test("conditions on tags of resources and of requests are evaluated", async (t) => {
  const cloud = theCloud();
  const site = await makeSite(cloud.ec2());
  const tagged = (Lab: string) => [{ ResourceType: "instance" as const, Tags: [{ Key: "Lab", Value: Lab }] }];
  const mine = await launchNode(cloud, site.subnets[0], { TagSpecifications: tagged("mine") });
  const theirs = await launchNode(cloud, site.subnets[0], { TagSpecifications: tagged("theirs") });
  const user = await userWith(
    cloud,
    allow("ec2:StopInstances", "*", { StringEquals: { "ec2:ResourceTag/Lab": "mine" } }),
    allow("ec2:CreateVpc"),
    allow("ec2:CreateTags", "*", {
      StringEquals: { "aws:RequestTag/Lab": "mine", "ec2:CreateAction": "CreateVpc" },
    }),
  );
  const client = cloud.ec2(user);
  const stop = (id: string) => client.send(new ec2.StopInstancesCommand({ InstanceIds: [id] }));
  await stop(mine.id);
  t.is((await refusal(stop(theirs.id))).code, "UnauthorizedOperation");
  t.is((await refusal(stop(mine.id).then(() => stop(theirs.id)))).code, "UnauthorizedOperation");
  const create = (Lab: string) => {
    const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: [{ Key: "Lab", Value: Lab }] }];
    return client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.250.0.0/16", TagSpecifications }));
  };
  await create("mine");
  t.is((await refusal(create("theirs"))).code, "UnauthorizedOperation");
});

test("a record's name, type and action can be the condition", async (t) => {
  const cloud = theCloud();
  const { vpcId: VPCId } = await makeSite(cloud.ec2());
  const administrator = new r53.Route53Client(cloud.config());
  const VPC = { VPCId, VPCRegion: "us-east-1" as const };
  const made = await administrator.send(
    new r53.CreateHostedZoneCommand({ Name: "awslab.mycompany.corp", CallerReference: "conditions", VPC }),
  );
  const HostedZoneId = (made.HostedZone?.Id ?? "").replace("/hostedzone/", "");
  const keys = "route53:ChangeResourceRecordSets";
  const condition = {
    "ForAllValues:StringEquals": {
      [`${keys}NormalizedRecordNames`]: ["myservice.awslab.mycompany.corp"],
      [`${keys}RecordTypes`]: ["A"],
      [`${keys}Actions`]: ["UPSERT"],
    },
  };
  const zone = `arn:aws:route53:::hostedzone/${HostedZoneId}`;
  const user = await userWith(
    cloud,
    allow(keys, zone, condition),
    allow("route53:GetChange", "arn:aws:route53:::change/*"),
  );
  const client = new r53.Route53Client(cloud.config(user));
  const change = (Action: r53.ChangeAction, Name: string, Type: r53.RRType = "A", Value = "10.0.0.1") => {
    const ResourceRecordSet = { Name, Type, TTL: 10, ResourceRecords: [{ Value }] };
    const ChangeBatch = { Changes: [{ Action, ResourceRecordSet }] };
    return client.send(new r53.ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
  };
  const { ChangeInfo } = await change("UPSERT", "MyService.awslab.mycompany.corp.");
  await client.send(new r53.GetChangeCommand({ Id: ChangeInfo?.Id }));
  const refused = await Promise.all([
    refusal(change("DELETE", "myservice.awslab.mycompany.corp")),
    refusal(change("UPSERT", "other.awslab.mycompany.corp")),
    refusal(change("UPSERT", "myservice.awslab.mycompany.corp", "TXT", '"x"')),
    refusal(client.send(new r53.ListResourceRecordSetsCommand({ HostedZoneId }))),
  ]);
  t.deepEqual(
    refused.map(({ code }) => code),
    new Array(4).fill("AccessDenied"),
  );
});

test("an explicit deny wins, and the answer says so", async (t) => {
  const cloud = theCloud();
  const deny = { Effect: "Deny", Action: "ec2:DescribeVpcs", Resource: "*" };
  const client = cloud.ec2(await userWith(cloud, allow("ec2:*"), deny));
  await client.send(new ec2.DescribeSubnetsCommand({}));
  t.regex((await refusal(client.send(new ec2.DescribeVpcsCommand({})))).message, /with an explicit deny/);
});
