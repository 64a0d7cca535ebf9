/** Security groups' rules. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { makeSite, refusal, withCloud } from "./_cloud";

const theCloud = withCloud(test);

test("canonical blocks, no duplicates, resources of their own", async (t) => {
  const client = theCloud().ec2();
  const { vpcId } = await makeSite(client);
  const { GroupId } = await client.send(
    new ec2.CreateSecurityGroupCommand({ GroupName: "dns", Description: "dns", VpcId: vpcId }),
  );
  const IpPermissions = [
    { IpProtocol: "udp", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: "10.1.2.3/8" }] },
  ];
  const add = () => client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  t.like((await add()).SecurityGroupRules?.[0], { CidrIpv4: "10.0.0.0/8", FromPort: 53, IsEgress: false });
  t.is((await refusal(add())).code, "InvalidPermission.Duplicate");
  const { SecurityGroupRules } = await client.send(
    new ec2.DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId ?? ""] }] }),
  );
  t.is(SecurityGroupRules?.length, 2, "with the egress rule that every group has");
});

test("several permissions are all authorized and answered, or none", async (t) => {
  const client = theCloud().ec2();
  const { vpcId } = await makeSite(client);
  const { GroupId } = await client.send(
    new ec2.CreateSecurityGroupCommand({ GroupName: "several", Description: "several", VpcId: vpcId }),
  );
  const permission = (port: number, ...blocks: string[]) => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    IpRanges: blocks.map((CidrIp) => ({ CidrIp })),
  });
  const add = (...IpPermissions: ec2.IpPermission[]) =>
    client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const { SecurityGroupRules } = await add(
    permission(22, "10.0.0.0/8"),
    permission(53, "10.0.0.0/8", "10.1.0.0/16"),
  );
  t.deepEqual(
    SecurityGroupRules?.map((rule) => `${rule.FromPort} ${rule.CidrIpv4}`),
    ["22 10.0.0.0/8", "53 10.0.0.0/8", "53 10.1.0.0/16"],
  );
  const again = add(permission(80, "10.0.0.0/8"), permission(22, "10.0.0.0/8"));
  t.is((await refusal(again)).code, "InvalidPermission.Duplicate");
  t.is(
    (
      await refusal(
        client.send(
          new ec2.RevokeSecurityGroupIngressCommand({
            GroupId,
            IpPermissions: [permission(22, "10.0.0.0/8"), permission(99, "10.0.0.0/8")],
          }),
        ),
      )
    ).code,
    "InvalidPermission.NotFound",
  );
  t.is(
    (await refusal(add(permission(81, "10.0.0.0/8"), permission(81, "10.0.0.1/8")))).code,
    "InvalidParameterValue",
  );
  const { SecurityGroups } = await client.send(
    new ec2.DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ""] }),
  );
  t.deepEqual(SecurityGroups?.[0]?.IpPermissions?.map((one) => one.FromPort).sort(), [22, 53]);
});
