/** Packets follow the API: each service is reached at the node that has it, from everywhere, before and after failovers. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { FLOATING, OVERLAY, packetTest, until, withPackets } from "./_packets";

const theLab = withPackets(test);

/** Hosts that ask, at least one in each subnet, the corporate network, and one on the main route table. */
const askers = [
  "client",
  "node1",
  "ask-service-b",
  "forwarder1",
  "forwarder2",
  "ask-transit-a",
  "ask-transit-b",
  "ask-main",
];

packetTest("hosts can be had in every subnet, also in one on the main route table", async (t) => {
  const lab = theLab();
  const { subnets } = await lab.model();
  const idOf = (name: string): string => subnets.find((subnet) => subnet.name === name)?.id ?? "";
  const vpcId = subnets.find(({ name }) => name === "lab-service-a")?.vpcId;
  const made = await lab.ec2.send(
    new ec2.CreateSubnetCommand({ VpcId: vpcId, CidrBlock: "10.0.252.0/24", AvailabilityZone: "us-east-1b" }),
  );
  await lab.launch("ask-main", made.Subnet?.SubnetId ?? "");
  for (const place of ["service-b", "transit-a", "transit-b"])
    await lab.launch(`ask-${place}`, idOf(`lab-${place}`));
  await lab.ready();
  t.pass();
});

async function everybodyReaches(address: string): Promise<Record<string, string>> {
  const lab = theLab();
  const found = askers.map(async (asker) => [asker, await lab.whoAnswers(asker, address)] as const);
  return Object.fromEntries(await Promise.all(found));
}

const all = (node: string): Record<string, string> =>
  Object.fromEntries(askers.map((asker) => [asker, node]));

packetTest(
  "the overlay IP is reached at the active node from everywhere, before and after each failover",
  async (t) => {
    const lab = theLab();
    t.deepEqual(await everybodyReaches(OVERLAY), all("node1"));
    await lab.succeed("failover", "overlay", "node2");
    await lab.settled();
    // A node asks itself: it has the address, too.
    t.deepEqual(await everybodyReaches(OVERLAY), { ...all("node2"), node1: "node1" });
    await lab.succeed("failover", "overlay", "node1");
    await lab.settled();
    t.deepEqual(await everybodyReaches(OVERLAY), all("node1"));
  },
);

packetTest(
  "the ENI's address is reached at its node from everywhere, and so is the node's own",
  async (t) => {
    const lab = theLab();
    for (const node of ["node-a", "node-b", "node-a"]) {
      await lab.succeed("failover", "eni", node);
      await lab.settled();
      await until(
        `${node} has configured its interface`,
        async () => (await lab.whoAnswers("client", FLOATING)) === node,
      );
      t.deepEqual(await everybodyReaches(FLOATING), all(node));
      t.deepEqual(await everybodyReaches((await lab.instance(node)).privateIpAddress), all(node));
    }
  },
);

packetTest(
  "the name leads to the active node, by the corporate DNS, a forwarder and the VPC's resolver",
  async (t) => {
    const lab = theLab();
    const name = "myservice.awslab.mycompany.corp";
    t.is(await lab.whoAnswers("client", name), "node1");
    await lab.succeed("failover", "dns", "node2");
    const since = Date.now();
    await until(
      "the client gets the new address",
      async () => (await lab.whoAnswers("client", name)) === "node2",
    );
    // TTL 10 s in the corporate server's cache, and what the propagation and a slow machine need.
    t.true(Date.now() - since < 20_000);
    for (let again = 0; again < 5; again++) t.is(await lab.whoAnswers("client", name), "node2");
  },
);

packetTest("a rebooted node comes back as its user data says, and keeps its files", async (t) => {
  const lab = theLab();
  const { id } = await lab.instance("node2");
  await lab.on("node2", "touch", "/root/kept");
  const boot = () => lab.on("node2", "stat", "-c", "%Y", "/proc/1");
  const before = await boot();
  await lab.ec2.send(new ec2.RebootInstancesCommand({ InstanceIds: [id] }));
  await lab.ready("node2");
  t.not(await boot(), before);
  t.is(await lab.on("node2", "ls", "/root"), "kept");
  t.regex(await lab.on("node2", "ip", "-br", "address", "show"), /192\.168\.10\.1\/32/);
  t.is(await lab.whoAnswers("client", (await lab.instance("node2")).privateIpAddress), "node2");
});

packetTest(
  "a stopped node answers nobody; started again, it has its files, its routing and its interface",
  async (t) => {
    const lab = theLab();
    const { id, privateIpAddress } = await lab.instance("node-a");
    const ids = { InstanceIds: [id] };
    await lab.on("node-a", "touch", "/root/kept");
    await lab.ec2.send(new ec2.StopInstancesCommand(ids));
    await until("node-a is off", async () =>
      (await lab.control.report()).hosts.some(({ name, state }) => name === "node-a" && state === "off"),
    );
    t.is(await lab.whoAnswers("client", FLOATING), "nobody");
    await lab.ec2.send(new ec2.StartInstancesCommand(ids));
    await lab.ready("node-a");
    t.is(await lab.on("node-a", "ls", "/root"), "kept");
    await until(
      "the floating interface answers",
      async () => (await lab.whoAnswers("client", FLOATING)) === "node-a",
    );
    t.is(await lab.whoAnswers("client", privateIpAddress), "node-a");
    t.regex(await lab.on("node-a", "ip", "rule"), /from 10\.0\.0\.12 lookup MYHA/);
  },
);

packetTest("a replaced node is a new host, without its predecessor's files, as user data says", async (t) => {
  const lab = theLab();
  const exported = await lab.succeed("pulumi", "stack", "export");
  const { deployment } = JSON.parse(exported.stdout) as {
    deployment: { resources: { urn: string; outputs?: { tags?: { Name?: string } } }[] };
  };
  // The standby of the pair: node2 has the name, so that goes back first.
  await lab.succeed("failover", "dns", "node1");
  const urn = deployment.resources.find(
    (one) => /ec2\/instance:Instance::/.test(one.urn) && one.outputs?.tags?.Name === "node2",
  )?.urn;
  const before = await lab.instance("node2");
  await lab.succeed("pulumi", "up", "--yes", "--skip-preview", "--replace", urn ?? "");
  const after = await lab.instance("node2");
  t.not(after.id, before.id);
  await lab.ready("node2");
  t.is(await lab.on("node2", "ls", "/root"), "");
  t.is(await lab.whoAnswers("client", after.privateIpAddress), "node2");
  await lab.succeed("failover", "overlay", "node2");
  await lab.settled();
  t.is(await lab.whoAnswers("client", OVERLAY), "node2");
});
