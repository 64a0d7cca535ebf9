import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  DetachNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import test from "ava";
import {
  floatingEni,
  type FloatingEniService,
} from "../../../components/failover/mechanisms/floating-eni/moves";
import { launchNode, makeSite, type Site, withCloud } from "../api/_cloud";
import { contextFor } from "./_faults";

const cloud = withCloud(test);

interface Scene {
  site: Site;
  service: FloatingEniService;
  eni: string;
  nodeA: string;
  nodeB: string;
}

/** Two healthy nodes in one zone; the interface is attached to the first. */
async function scene(): Promise<Scene> {
  const site = await makeSite(cloud().ec2());
  const [a, b] = [await launchNode(cloud(), site.subnets[0]), await launchNode(cloud(), site.subnets[0])];
  const eni = await makeEni(site.subnets[0]);
  const candidates = { "node-a": { instanceId: a.id }, "node-b": { instanceId: b.id } };
  const service = { networkInterfaceId: eni, region: "us-east-1", vpcId: site.vpcId, candidates };
  await floatingEni.move(service, "node-a", contextFor(cloud()));
  return { site, service, eni, nodeA: a.id, nodeB: b.id };
}

async function makeEni(subnet: string): Promise<string> {
  const { NetworkInterface } = await cloud()
    .ec2()
    .send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
  return NetworkInterface?.NetworkInterfaceId ?? "";
}

async function reasons(service: FloatingEniService, to = "node-b"): Promise<string[]> {
  const { admin } = cloud();
  const start = (await admin.audit()).at(-1)?.n ?? 0;
  const problems = await floatingEni.preflight(service, to, contextFor(cloud()));
  for (const { action, parameters } of await admin.audit(start))
    if (!action.startsWith("Describe") && parameters["DryRun"] !== "true")
      throw new Error(`${action} is not read-only`);
  return problems.map(({ subject, reason }) => `${subject} ${reason}`);
}

test.serial("a healthy standby has nothing against it", async (t) => {
  const { service } = await scene();
  t.deepEqual(await reasons(service), []);
  t.deepEqual(await reasons(service, "node-a"), []);
  t.deepEqual(await reasons(service, "node-c"), ["node-c is not a candidate of this service"]);
});

test.serial("a node in another zone, and one that is stopped or terminated, are refused", async (t) => {
  const { service, site, eni, nodeB } = await scene();
  const far = await launchNode(cloud(), site.subnets[1]);
  const found = await reasons(
    { ...service, candidates: { ...service.candidates, far: { instanceId: far.id } } },
    "far",
  );
  t.deepEqual(found, [`${far.id} (far) is in us-east-1b, but ${eni} is in us-east-1a`]);
  await cloud()
    .ec2()
    .send(new StopInstancesCommand({ InstanceIds: [nodeB] }));
  t.deepEqual(await reasons(service), [`${nodeB} (node-b) is stopped`]);
  await cloud()
    .ec2()
    .send(new TerminateInstancesCommand({ InstanceIds: [nodeB] }));
  t.deepEqual(await reasons(service), [`${nodeB} (node-b) is terminated`]);
});

test.serial("an instance without a free slot is refused", async (t) => {
  const { service, site, nodeB } = await scene();
  // A t3.medium can have three.
  for (const DeviceIndex of [1, 2]) {
    const NetworkInterfaceId = await makeEni(site.subnets[0]);
    await cloud()
      .ec2()
      .send(new AttachNetworkInterfaceCommand({ InstanceId: nodeB, NetworkInterfaceId, DeviceIndex }));
  }
  t.deepEqual(await reasons(service), [
    `${nodeB} (node-b) has 3 network interfaces, and t3.medium can have no more than 3`,
  ]);
});

test.serial(
  "an interface that is missing, primary, a stranger's, or has another address is refused",
  async (t) => {
    const { service, site, eni, nodeA } = await scene();
    const missing = { ...service, networkInterfaceId: "eni-0123456789abcdef0" };
    t.deepEqual(await reasons(missing), ["eni-0123456789abcdef0 does not exist"]);

    const address = await reasons({ ...service, address: "10.200.0.1" });
    t.regex(
      address.join("\n"),
      new RegExp(`^${eni} does not have the address 10\\.200\\.0\\.1, but 10\\.`, "m"),
    );

    const stranger = await launchNode(cloud(), site.subnets[0]);
    const primary = await reasons({ ...service, networkInterfaceId: stranger.eni });
    t.true(
      primary.includes(`${stranger.eni} is the primary interface of ${stranger.id}, which can't be detached`),
    );
    t.true(
      primary.includes(
        `${stranger.eni} is attached to ${stranger.id}, which is no candidate of this service`,
      ),
    );

    const onlyB = { "node-b": service.candidates["node-b"] ?? { instanceId: "" } };
    t.deepEqual(await reasons({ ...service, candidates: onlyB }), [
      `${eni} is attached to ${nodeA}, which is no candidate of this service`,
    ]);
    t.deepEqual(await reasons({ ...service, candidates: onlyB, formerInstances: [nodeA] }), []);
  },
);

test.serial("a missing permission is named", async (t) => {
  const { service, eni, nodeA, nodeB } = await scene();
  for (const action of ["AttachNetworkInterface", "DetachNetworkInterface"])
    await cloud().admin.setFault({ kind: "error", action, code: "UnauthorizedOperation", status: 403 });
  const found = await reasons(service);
  await cloud().admin.clearFaults();
  t.deepEqual(found, [
    `${eni} ec2:DetachNetworkInterface is not allowed on it and ${nodeA} (UnauthorizedOperation)`,
    `${eni} ec2:AttachNetworkInterface is not allowed on it and ${nodeB} (UnauthorizedOperation)`,
  ]);
});

test.serial(
  "it moves off a stopped and a terminated node, is removed from ours, and left alone at a stranger's",
  async (t) => {
    const { service, eni, nodeA, nodeB, site } = await scene();
    const context = contextFor(cloud());
    await cloud()
      .ec2()
      .send(new StopInstancesCommand({ InstanceIds: [nodeA] }));
    t.like(await floatingEni.move(service, "node-b", context), {
      from: "node-a",
      to: "node-b",
      moved: true,
      warnings: [],
    });
    t.like(await floatingEni.move(service, "node-b", context), { moved: false });
    t.like(await floatingEni.locate(service, context), { state: "at", node: "node-b" });
    t.like(await floatingEni.remove(service, context), {
      removed: [{ where: eni, target: nodeB }],
      left: [],
    });
    t.like(await floatingEni.locate(service, context), { state: "absent" });

    const stranger = await launchNode(cloud(), site.subnets[0]);
    const attach = { InstanceId: stranger.id, NetworkInterfaceId: eni, DeviceIndex: 1 };
    const { AttachmentId } = await cloud().ec2().send(new AttachNetworkInterfaceCommand(attach));
    t.like(await floatingEni.remove(service, context), {
      removed: [],
      left: [{ where: eni, target: stranger.id }],
    });
    t.like(await floatingEni.locate(service, context), { state: "elsewhere" });
    await cloud().ec2().send(new DetachNetworkInterfaceCommand({ AttachmentId }));

    await floatingEni.move(service, "node-b", context);
    await cloud()
      .ec2()
      .send(new TerminateInstancesCommand({ InstanceIds: [nodeB] }));
    const { NetworkInterfaces } = await cloud()
      .ec2()
      .send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }));
    t.is(NetworkInterfaces?.[0]?.Status, "available");
  },
);
