import {
  CreateNetworkInterfaceCommand,
  CreateRouteTableCommand,
  DescribeRouteTablesCommand,
  ModifyInstanceAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import test, { type ExecutionContext } from "ava";
import { type Mechanism, MoveFailed } from "../../../components/failover/core/contract";
import { floatingEni } from "../../../components/failover/mechanisms/floating-eni/moves";
import { overlayIp } from "../../../components/failover/mechanisms/overlay-ip/moves";
import { serviceName } from "../../../components/failover/mechanisms/service-name/moves";
import { floatingEniPolicy } from "../../../components/failover/mechanisms/floating-eni/policy.plan";
import { overlayIpPolicy } from "../../../components/failover/mechanisms/overlay-ip/policy.plan";
import { type PolicyDocument } from "../../../components/iam/policy.plan";
import { serviceNamePolicy } from "../../../components/failover/mechanisms/service-name/policy.plan";
import { ACCOUNT_ID } from "../../cloud/api";
import { userWith } from "../api/_identities";
import { launch, launchNode, makeSite, withCloud } from "../api/_cloud";
import { contextFor } from "./_faults";

const cloud = withCloud(test);
const scope = { partition: "aws" as const, region: "us-east-1", accountId: ACCOUNT_ID };

/** There and back, each after a preflight, by a user who has exactly this policy. */
async function moveWithPolicy<Service>(
  t: ExecutionContext,
  mechanism: Mechanism<Service>,
  service: Service,
  policy: PolicyDocument,
  nodes: [string, string],
): Promise<void> {
  await mechanism.move(service, nodes[0], contextFor(cloud()));
  const user = await userWith(cloud(), ...policy.Statement.map((statement) => ({ ...statement })));
  const start = (await cloud().admin.audit()).at(-1)?.n ?? 0;
  const context = contextFor(cloud(), {}, user);
  for (const to of [nodes[1], nodes[0]]) {
    t.deepEqual(await mechanism.preflight(service, to, context), []);
    t.like(await mechanism.move(service, to, context), { to, moved: true, warnings: [] });
  }
  const calls = await cloud().admin.audit(start);
  t.true(calls.length > 0);
  t.true(calls.every(({ principal }) => principal.endsWith(`/${user.name}`)));
}

test.serial(
  "the overlay IP moves with its own policy; a table outside of it is refused, and nothing is moved",
  async (t) => {
    const client = cloud().ec2();
    const { vpcId, subnets } = await makeSite(client);
    const [one, two] = [await launchNode(cloud(), subnets[0]), await launchNode(cloud(), subnets[1])];
    for (const { id } of [one, two])
      await client.send(
        new ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }),
      );
    const { RouteTables } = await client.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
    );
    const routeTableIds = (RouteTables ?? []).flatMap(({ RouteTableId }) => RouteTableId ?? []);
    const service = {
      destination: "192.168.10.1/32",
      vpcId,
      region: "us-east-1",
      candidates: {
        node1: { instanceId: one.id, networkInterfaceId: one.eni },
        node2: { instanceId: two.id, networkInterfaceId: two.eni },
      },
    };
    const policy = overlayIpPolicy({ ...scope, routeTableIds });
    await moveWithPolicy(t, overlayIp, service, policy, ["node1", "node2"]);

    const { RouteTable } = await client.send(new CreateRouteTableCommand({ VpcId: vpcId }));
    const outside = RouteTable?.RouteTableId ?? "";
    const user = await userWith(cloud(), ...policy.Statement.map((statement) => ({ ...statement })));
    const context = contextFor(cloud(), {}, user);
    const problems = await overlayIp.preflight(service, "node2", context);
    t.deepEqual(
      problems.map(({ subject, reason }) => `${subject} ${reason}`),
      [`${outside} ec2:CreateRoute is not allowed on it (UnauthorizedOperation)`],
    );
    const error = await t.throwsAsync(overlayIp.move(service, "node2", context), { instanceOf: MoveFailed });
    t.not(error.outcome, "mixed");
    const { places } = await overlayIp.locate(service, contextFor(cloud()));
    t.deepEqual(places.map(({ node }) => node).sort(), ["node1", "node1", "node1", undefined]);
  },
);

test.serial("the floating ENI moves with its own policy", async (t) => {
  const { subnets } = await makeSite(cloud().ec2());
  const [a, b] = [await launchNode(cloud(), subnets[0]), await launchNode(cloud(), subnets[0])];
  const { NetworkInterface } = await cloud()
    .ec2()
    .send(new CreateNetworkInterfaceCommand({ SubnetId: subnets[0] }));
  const networkInterfaceId = NetworkInterface?.NetworkInterfaceId ?? "";
  const candidates = { "node-a": { instanceId: a.id }, "node-b": { instanceId: b.id } };
  const policy = floatingEniPolicy({ ...scope, networkInterfaceId, instanceIds: [a.id, b.id] });
  const service = { networkInterfaceId, region: "us-east-1", candidates };
  await moveWithPolicy(t, floatingEni, service, policy, ["node-a", "node-b"]);
});

test.serial("the service name moves with its own policy", async (t) => {
  const { vpcId, subnets } = await makeSite(cloud().ec2());
  const [one, two] = [await launch(cloud(), subnets[0]), await launch(cloud(), subnets[1])];
  const { HostedZone } = await new Route53Client(cloud().config()).send(
    new CreateHostedZoneCommand({
      Name: "awslab.mycompany.corp",
      CallerReference: "one",
      VPC: { VPCId: vpcId, VPCRegion: "us-east-1" },
      HostedZoneConfig: { PrivateZone: true },
    }),
  );
  const name = "myservice.awslab.mycompany.corp";
  const zoneId = HostedZone?.Id ?? "";
  const service = {
    hostedZoneId: zoneId,
    name,
    ttl: 10,
    region: "us-east-1",
    vpcId,
    candidates: {
      node1: { address: one.PrivateIpAddress ?? "", instanceId: one.InstanceId ?? "" },
      node2: { address: two.PrivateIpAddress ?? "", instanceId: two.InstanceId ?? "" },
    },
  };
  const policy = serviceNamePolicy({ partition: "aws", zoneId, recordName: name });
  await moveWithPolicy(t, serviceName, service, policy, ["node1", "node2"]);
});
