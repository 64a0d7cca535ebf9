/** The fabric is not too kind: what AWS drops, it drops. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { OVERLAY, packetTest, type PacketLab, until, withPackets } from "./_packets";

const theLab = withPackets(test);
const OVERLAY_BLOCK = `${OVERLAY}/32`;

async function interfaceOf(lab: PacketLab, name: string, deviceIndex = 0): Promise<string> {
  const { id } = await lab.instance(name);
  const found = (await lab.model()).networkInterfaces.find(
    ({ attachment }) => attachment?.instanceId === id && attachment.deviceIndex === deviceIndex,
  );
  if (found === undefined) throw new Error(`${name} has no interface ${deviceIndex}`);
  return found.id;
}

async function overlayTables(lab: PacketLab): Promise<string[]> {
  const { routeTables } = await lab.model();
  return routeTables
    .filter(({ routes }) => routes.some(({ destinationCidrBlock }) => destinationCidrBlock === OVERLAY_BLOCK))
    .map(({ id }) => id);
}

/** Sends the overlay address to an interface, in all tables. */
async function routeTo(lab: PacketLab, NetworkInterfaceId: string): Promise<void> {
  for (const RouteTableId of await overlayTables(lab)) {
    const route = { RouteTableId, DestinationCidrBlock: OVERLAY_BLOCK, NetworkInterfaceId };
    await lab.ec2.send(new ec2.ReplaceRouteCommand(route));
  }
  await lab.settled();
}

packetTest("a node that has the overlay address gets nothing without the route", async (t) => {
  const lab = theLab();
  t.is(await lab.whoAnswers("client", OVERLAY), "node1");
  const [tables, node1] = [await overlayTables(lab), await interfaceOf(lab, "node1")];
  for (const RouteTableId of tables)
    await lab.ec2.send(new ec2.DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: OVERLAY_BLOCK }));
  await lab.settled();
  for (const asker of ["client", "forwarder1", "node-a"])
    t.is(await lab.whoAnswers(asker, OVERLAY), "nobody");
  for (const RouteTableId of tables) {
    const route = { RouteTableId, DestinationCidrBlock: OVERLAY_BLOCK, NetworkInterfaceId: node1 };
    await lab.ec2.send(new ec2.CreateRouteCommand(route));
  }
  await lab.settled();
  t.is(await lab.whoAnswers("client", OVERLAY), "node1");
});

packetTest("with source/dest check on, overlay traffic is dropped", async (t) => {
  const lab = theLab();
  const NetworkInterfaceId = await interfaceOf(lab, "node1");
  const check = async (Value: boolean): Promise<void> => {
    const change = { NetworkInterfaceId, SourceDestCheck: { Value } };
    await lab.ec2.send(new ec2.ModifyNetworkInterfaceAttributeCommand(change));
    await lab.settled();
  };
  await check(true);
  t.is(await lab.whoAnswers("client", OVERLAY), "nobody");
  t.is(await lab.whoAnswers("client", "10.0.0.10"), "node1", "its own address is not concerned");
  await check(false);
  t.is(await lab.whoAnswers("client", OVERLAY), "node1");
});

packetTest("a security group without the rule drops, and references between groups hold", async (t) => {
  const lab = theLab();
  const group = (await lab.model()).networkInterfaces.find(({ addresses }) =>
    addresses.includes("10.0.0.10"),
  );
  const GroupId = group?.securityGroupIds[0] ?? "";
  const rule = {
    IpProtocol: "tcp",
    FromPort: 8080,
    ToPort: 8080,
    IpRanges: [{ CidrIp: "10.0.0.0/16" }, { CidrIp: "172.16.0.0/12" }],
  };
  await lab.ec2.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  await lab.settled();
  for (const asker of ["client", "node-a"]) t.is(await lab.whoAnswers(asker, "10.0.0.10"), "nobody");
  // The nodes of a pair are of one group, which may do everything to itself.
  t.is(await lab.whoAnswers("node2", "10.0.0.10"), "node1");
  await lab.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  await lab.settled();
  t.is(await lab.whoAnswers("client", "10.0.0.10"), "node1");
});

packetTest(
  "without the transit gateway's static route the client reaches the node, and not the overlay IP",
  async (t) => {
    const lab = theLab();
    const [gateway] = (await lab.model()).transitGateways;
    const TransitGatewayRouteTableId = gateway?.routeTables[0]?.id;
    const route = { TransitGatewayRouteTableId, DestinationCidrBlock: OVERLAY_BLOCK };
    await lab.ec2.send(new ec2.DeleteTransitGatewayRouteCommand(route));
    await lab.settled();
    t.is(await lab.whoAnswers("client", OVERLAY), "nobody");
    t.is(await lab.whoAnswers("client", "10.0.0.10"), "node1");
    t.is(await lab.whoAnswers("forwarder1", OVERLAY), "node1");
    const TransitGatewayAttachmentId = gateway?.attachments[0]?.id;
    await lab.ec2.send(new ec2.CreateTransitGatewayRouteCommand({ ...route, TransitGatewayAttachmentId }));
    await lab.settled();
    t.is(await lab.whoAnswers("client", OVERLAY), "node1");
  },
);

packetTest("an overlay address inside of the VPC's block leads nowhere", async (t) => {
  const lab = theLab();
  const inside = "10.0.200.1";
  const node1 = await interfaceOf(lab, "node1");
  await lab.on("node1", "ip", "address", "add", `${inside}/32`, "dev", "ens5");
  for (const RouteTableId of await overlayTables(lab)) {
    const route = { RouteTableId, DestinationCidrBlock: `${inside}/32`, NetworkInterfaceId: node1 };
    await t.throwsAsync(lab.ec2.send(new ec2.CreateRouteCommand(route)));
  }
  for (const asker of ["client", "node2"]) t.is(await lab.whoAnswers(asker, inside), "nobody");
  await lab.on("node1", "ip", "address", "del", `${inside}/32`, "dev", "ens5");
});

packetTest(
  "a reply that leaves through the wrong interface, with a foreign source, is dropped",
  async (t) => {
    const lab = theLab();
    t.is(await lab.whoAnswers("client", "10.0.0.12"), "node-a");
    await lab.on("node-a", "ip", "rule", "del", "priority", "100");
    t.is(await lab.whoAnswers("client", "10.0.0.12"), "nobody");
    await lab.on("node-a", "ip", "rule", "add", "from", "10.0.0.12", "table", "100", "priority", "100");
    t.is(await lab.whoAnswers("client", "10.0.0.12"), "node-a");
  },
);

packetTest("the metadata service wants a token, and knows who asks", async (t) => {
  const lab = theLab();
  const at = "http://169.254.169.254/latest";
  t.regex(await lab.on("node1", "curl", "-si", `${at}/meta-data/instance-id`), /401[^]*Server: EC2ws/i);
  const script = `t=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' ${at}/api/token)
    curl -s -H "X-aws-ec2-metadata-token: $t" ${at}/meta-data/instance-id`;
  for (const name of ["node1", "node-a"])
    t.is(await lab.on(name, "sh", "-c", script), (await lab.instance(name)).id);
  t.is(await lab.on("client", "curl", "-s", "-m", "2", `${at}/`), "");
});

packetTest("the VPC's resolver answers inside, and is silent to the corporate network", async (t) => {
  const lab = theLab();
  const ask = ["dig", "+short", "+time=2", "+tries=1", "myservice.awslab.mycompany.corp"];
  for (const server of ["10.0.0.2", "169.254.169.253"])
    t.is(await lab.on("node2", ...ask, `@${server}`), "10.0.0.10");
  t.regex(await lab.on("client", ...ask, "@10.0.0.2"), /no servers could be reached|timed out/);
  t.is(await lab.on("client", ...ask, "@10.0.64.5"), "10.0.0.10");
});

packetTest(
  "a client that is not of the intranet is not served, by the network or by the forwarder",
  async (t) => {
    const lab = theLab();
    const ask = ["dig", "+time=2", "+tries=1", "@10.0.64.5", "myservice.awslab.mycompany.corp"];
    t.regex(await lab.on("guest", ...ask), /no servers could be reached|timed out/);
    // The network lets it through, and then the forwarder's own list counts.
    const { networkInterfaces, routeTables, subnets, transitGateways } = await lab.model();
    const forwarder = networkInterfaces.find(({ addresses }) => addresses.includes("10.0.64.5"));
    const IpPermissions = [
      { IpProtocol: "udp", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: "203.0.113.0/24" }] },
    ];
    const GroupId = forwarder?.securityGroupIds[0];
    await lab.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    const subnet = subnets.find(({ id }) => id === forwarder?.subnetId);
    const table = routeTables.find(({ subnetIds }) => subnetIds.includes(subnet?.id ?? ""));
    const guests = { RouteTableId: table?.id, DestinationCidrBlock: "203.0.113.0/24" };
    await lab.ec2.send(new ec2.CreateRouteCommand({ ...guests, TransitGatewayId: transitGateways[0]?.id }));
    await lab.settled();
    t.regex(await lab.on("guest", ...ask), /status: REFUSED/);
    await lab.ec2.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    await lab.ec2.send(new ec2.DeleteRouteCommand(guests));
  },
);

packetTest("what somebody disturbs in the kernel is repaired", async (t) => {
  const lab = theLab();
  const { networkInterfaces } = await lab.model();
  const vpcId = networkInterfaces.find(({ addresses }) => addresses.includes("10.0.0.10"))?.vpcId ?? "";
  const router = `vpc-${vpcId.slice(-12)}`;
  const device = `v${(await interfaceOf(lab, "node1")).slice(-12)}`;
  const isLoaded = `ip netns exec ${router} nft list chain ip lab forward | grep -q 'policy drop'`;
  t.is(await lab.inFabric(isLoaded), 0);
  for (const harm of [
    `ip -n ${router} route flush proto 99 table all`,
    `ip netns exec ${router} nft flush ruleset`,
    `ip -n ${router} address flush dev ${device}; ip -n ${router} link set ${device} down`,
    `ip -n ${router} rule flush`,
    `ip -n ${router} link delete ${device}`,
  ]) {
    t.is(await lab.inFabric(harm), 0, harm);
    await until(`it is repaired: ${harm}`, async () => {
      const answered = await lab.whoAnswers("client", OVERLAY);
      return answered === "node1" && (await lab.inFabric(isLoaded)) === 0;
    });
  }
});

packetTest("a terminated node's route is a black hole", async (t) => {
  const lab = theLab();
  await routeTo(lab, await interfaceOf(lab, "node2"));
  t.is(await lab.whoAnswers("client", OVERLAY), "node2");
  const { id } = await lab.instance("node2");
  await lab.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  await until(
    "the host is gone",
    async () => !(await lab.control.report()).hosts.some(({ key }) => key === id),
  );
  const { routeTables } = await lab.model();
  const states = routeTables
    .flatMap(({ routes }) => routes)
    .filter(({ destinationCidrBlock }) => destinationCidrBlock === OVERLAY_BLOCK)
    .map(({ state }) => state);
  t.deepEqual([...new Set(states)], ["blackhole"]);
  for (const asker of ["client", "node-a"]) t.is(await lab.whoAnswers(asker, OVERLAY), "nobody");
  t.false((await lab.inFabric(`[ -e ${lab.directory}/packets/disks/${id} ]`)) === 0, "its disk is gone, too");
});

packetTest("after a SIGKILL of everything, lab:down leaves nothing behind", async (t) => {
  const lab = theLab();
  lab.killEverything();
  t.is((await lab.run("lab:down", "--force")).code, 0);
  t.deepEqual(lab.leftBehind(), []);
});
