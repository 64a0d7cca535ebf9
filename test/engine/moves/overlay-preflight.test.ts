import {
  CreateNetworkInterfaceCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import test from "ava";
import { overlayIp, type OverlayIpService } from "../../../components/failover/mechanisms/overlay-ip/moves";
import { launchNode, makeSite, type Site, withCloud } from "../api/_cloud";
import { contextFor } from "./_faults";

const cloud = withCloud(test);

interface Scene {
  site: Site;
  service: OverlayIpService;
}

/** Two healthy nodes; the overlay IP is on the first. */
async function scene(): Promise<Scene> {
  const client = cloud().ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud(), site.subnets[0]), await launchNode(cloud(), site.subnets[1])];
  for (const { id } of [one, two])
    await client.send(
      new ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }),
    );
  const service: OverlayIpService = {
    destination: "192.168.10.1/32",
    vpcId: site.vpcId,
    region: "us-east-1",
    candidates: {
      node1: { instanceId: one.id, networkInterfaceId: one.eni },
      node2: { instanceId: two.id, networkInterfaceId: two.eni },
    },
  };
  await overlayIp.move(service, "node1", contextFor(cloud()));
  return { site, service };
}

/** The reasons in one text; and that they were found without changing anything. */
async function reasons(service: OverlayIpService, to = "node2"): Promise<string[]> {
  const { admin } = cloud();
  const start = (await admin.audit()).at(-1)?.n ?? 0;
  const problems = await overlayIp.preflight(service, to, contextFor(cloud()));
  for (const { action, parameters } of await admin.audit(start))
    if (!action.startsWith("Describe") && parameters["DryRun"] !== "true")
      throw new Error(`${action} is not read-only`);
  for (const { subject, remedy } of problems)
    if (subject === "" || remedy === "") throw new Error("a reason without subject or remedy");
  return problems.map(({ subject, reason }) => `${subject} ${reason}`);
}

test.serial("a healthy standby has nothing against it", async (t) => {
  const { service } = await scene();
  t.deepEqual(await reasons(service), []);
  t.deepEqual(await reasons(service, "node1"), []);
});

test.serial("an unknown node is refused with the names that there are", async (t) => {
  const { service } = await scene();
  const [problem, ...others] = await overlayIp.preflight(service, "node3", contextFor(cloud()));
  t.is(problem?.remedy, "choose one of: node1, node2");
  t.deepEqual(others, []);
});

test.serial("a stopped, terminated, impaired or missing node is refused, once each", async (t) => {
  const { service } = await scene();
  const client = cloud().ec2();
  const { instanceId } = service.candidates["node2"] ?? { instanceId: "" };
  const ids = { InstanceIds: [instanceId] };
  await cloud().admin.impair(instanceId);
  t.deepEqual(await reasons(service), [`${instanceId} (node2) its instance status check is impaired`]);
  await cloud().admin.impair(instanceId, false);
  await client.send(new StopInstancesCommand(ids));
  t.deepEqual(await reasons(service), [`${instanceId} (node2) is stopped`]);
  await client.send(new StartInstancesCommand(ids));
  t.deepEqual(await reasons(service), []);
  await client.send(new TerminateInstancesCommand(ids));
  const found = await reasons(service);
  t.true(found.includes(`${instanceId} (node2) is terminated`), found.join("\n"));
  const missing = {
    ...service,
    candidates: {
      ...service.candidates,
      node2: { instanceId: "i-0123456789abcdef0", networkInterfaceId: "eni-0123456789abcdef0" },
    },
  };
  t.deepEqual(await reasons(missing), [
    "i-0123456789abcdef0 (node2) does not exist",
    "eni-0123456789abcdef0 (node2) does not exist",
  ]);
});

test.serial("every reason is given at once", async (t) => {
  const { service, site } = await scene();
  const client = cloud().ec2();
  const { instanceId, networkInterfaceId } = service.candidates["node2"] ?? {
    instanceId: "",
    networkInterfaceId: "",
  };
  await client.send(
    new ModifyInstanceAttributeCommand({ InstanceId: instanceId, SourceDestCheck: { Value: true } }),
  );
  await client.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
  await cloud().admin.setFault({
    kind: "error",
    action: "ReplaceRoute",
    code: "UnauthorizedOperation",
    status: 403,
    match: { RouteTableId: site.tables[0] },
  });
  const found = await reasons(service);
  await cloud().admin.clearFaults();
  t.true(found.includes(`${instanceId} (node2) is stopped`));
  t.true(
    found.some((reason) =>
      reason.startsWith(`${networkInterfaceId} (node2) has its source/destination check on`),
    ),
  );
  t.true(
    found.some((reason) => reason.startsWith(`${site.tables[0]} ec2:ReplaceRoute is not allowed`)),
    found.join("\n"),
  );
});

test.serial(
  "an overlay IP inside the VPC's CIDR, and one that is no single address, are refused",
  async (t) => {
    const { service, site } = await scene();
    const [block] = await reasons({ ...service, destination: `${await networkOf(site)}.9.9/32` });
    t.regex(block ?? "", /is inside 10\.\d+\.0\.0\/16/);
    t.deepEqual(await reasons({ ...service, destination: "192.168.10.0/24" }), [
      "192.168.10.0/24 is no single address",
    ]);
  },
);

test.serial("an interface that is not the node's is refused; so is a node in another VPC", async (t) => {
  const { service, site } = await scene();
  const other = await scene();
  const { NetworkInterface } = await cloud()
    .ec2()
    .send(new CreateNetworkInterfaceCommand({ SubnetId: site.subnets[1] }));
  const loose = NetworkInterface?.NetworkInterfaceId ?? "";
  const node2 = { instanceId: service.candidates["node2"]?.instanceId ?? "", networkInterfaceId: loose };
  const found = await reasons({ ...service, candidates: { ...service.candidates, node2 } });
  t.true(found.includes(`${loose} (node2) is not attached`), found.join("\n"));
  const node9 = other.service.candidates["node2"] ?? node2;
  const abroad = await reasons({ ...service, candidates: { ...service.candidates, node9 } }, "node9");
  t.true(
    abroad.some((reason) =>
      reason.includes(`is in ${other.site.vpcId}, but the routes are those of ${site.vpcId}`),
    ),
    abroad.join("\n"),
  );
});

test.serial(
  "a route that leads to a stranger is refused; one that leads to a dead stranger is not",
  async (t) => {
    const { service, site } = await scene();
    const client = cloud().ec2();
    const stranger = await launchNode(cloud(), site.subnets[0]);
    const where = { RouteTableId: site.tables[1], DestinationCidrBlock: service.destination };
    await client.send(new DeleteRouteCommand(where));
    await client.send(new CreateRouteCommand({ ...where, NetworkInterfaceId: stranger.eni }));
    t.deepEqual(await reasons(service), [
      `${site.tables[1]} already has a route for 192.168.10.1/32, to ${stranger.eni}, which is no candidate of this service`,
    ]);
    t.deepEqual(await reasons({ ...service, formerInterfaces: [stranger.eni] }), []);
    await client.send(new StopInstancesCommand({ InstanceIds: [stranger.id] }));
    t.deepEqual(await reasons(service), []);
  },
);

test.serial("not being allowed to look is a reason, too, and names the permission", async (t) => {
  const { service } = await scene();
  await cloud().admin.setFault({
    kind: "error",
    action: "DescribeRouteTables",
    code: "UnauthorizedOperation",
    status: 403,
    count: "unlimited",
  });
  await cloud().admin.setFault({
    kind: "error",
    action: "DescribeInstances",
    code: "UnauthorizedOperation",
    status: 403,
    count: "unlimited",
  });
  const problems = await overlayIp.preflight(service, "node2", contextFor(cloud()));
  await cloud().admin.clearFaults();
  const remedies = problems.map(({ remedy }) => remedy).join("\n");
  t.regex(remedies, /allow ec2:DescribeInstances/);
  t.regex(remedies, /allow ec2:DescribeRouteTables/);
});

/** The first two numbers of the VPC's addresses. */
async function networkOf(site: Site): Promise<string> {
  const ec2 = await contextFor(cloud()).ec2("us-east-1");
  const { Vpcs } = await ec2.describeVpcs({ VpcIds: [site.vpcId] });
  return (Vpcs?.[0]?.CidrBlock ?? "").split(".").slice(0, 2).join(".");
}
