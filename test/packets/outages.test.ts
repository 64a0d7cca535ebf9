/** What people break, and what clients see of it and of the failovers that follow. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { OVERLAY, packetTest, type PacketLab, until, withPackets } from "./_packets";

const theLab = withPackets(test);
const NAME = "myservice.awslab.mycompany.corp";

interface Seen {
  readonly outage: {
    readonly requests: number;
    readonly lost: number;
    readonly firstLost?: number;
    readonly lastLost?: number;
    readonly longestGap: number;
    readonly firstAnswer?: number;
    readonly answered: readonly { readonly node: string; readonly from: number; readonly to: number }[];
  };
}

async function failover(lab: PacketLab, service: string, node: string): Promise<Seen["outage"]> {
  const { stdout } = await lab.succeed("failover", service, node, "--json");
  return (JSON.parse(stdout) as Seen).outage;
}

const heal = (lab: PacketLab) => lab.succeed("lab:break", "heal");

packetTest("a planned failover: one node's answers end where the other's begin", async (t) => {
  const lab = theLab();
  const seen = await failover(lab, "overlay", "node2");
  t.deepEqual(
    seen.answered.map(({ node }) => node),
    ["node1", "node2"],
  );
  t.true(seen.requests > 100);
  // What was under way to the old node may be lost; nothing else is.
  t.true(seen.lost < 10, JSON.stringify(seen));
  t.true((seen.firstAnswer ?? 0) > (seen.answered[0]?.from ?? Infinity));
  const { stdout } = await lab.succeed("failover", "overlay", "node1");
  t.regex(
    stdout,
    /Seen from client, which asked 192\.168\.10\.1:8080 [^]*node2 from [\d.]+ s [^]*node1 from/,
  );
});

packetTest("a killed node: nobody answers until the failover, and heal boots it again", async (t) => {
  const lab = theLab();
  t.regex((await lab.succeed("lab:break", "kill", "node1")).stdout, /node1 is down/);
  t.is(await lab.whoAnswers("client", OVERLAY), "nobody");
  const seen = await failover(lab, "overlay", "node2");
  t.deepEqual(
    seen.answered.map(({ node }) => node),
    ["node2"],
  );
  t.true(seen.lost > 0 && seen.longestGap > 0);
  t.true((seen.firstLost ?? 1) <= (seen.lastLost ?? 0) && (seen.lastLost ?? 0) <= (seen.firstAnswer ?? 0));
  const back = await lab.run("failover", "overlay", "node1", "--preview");
  t.not(back.code, 0, "its status checks fail");
  await heal(lab);
  t.is(await lab.whoAnswers("client", (await lab.instance("node1")).privateIpAddress), "node1");
  await failover(lab, "overlay", "node1");
  t.is(await lab.whoAnswers("client", OVERLAY), "node1");
});

packetTest("a frozen node answers nobody, and goes on where it was when it is healed", async (t) => {
  const lab = theLab();
  const started = () => lab.on("node1", "stat", "-c", "%Y", "/proc/1");
  const before = await started();
  await lab.succeed("lab:break", "freeze", "node1");
  t.is(await lab.whoAnswers("client", OVERLAY), "nobody");
  await heal(lab);
  t.is(await lab.whoAnswers("client", OVERLAY), "node1");
  t.is(await started(), before);
});

packetTest(
  "a cut node is reached by nobody, a lossy one by some; both are as before when they are healed",
  async (t) => {
    const lab = theLab();
    const { privateIpAddress } = await lab.instance("node2");
    const lost = async (): Promise<number> => {
      const text = await lab.on(
        "node1",
        "ping",
        "-q",
        "-c",
        "200",
        "-i",
        "0.01",
        "-W",
        "1",
        privateIpAddress,
      );
      return Number(/([\d.]+)% packet loss/.exec(text)?.[1]);
    };
    t.is(await lost(), 0);
    await lab.succeed("lab:break", "cut", "node2");
    t.is(await lost(), 100);
    await heal(lab);
    await lab.succeed("lab:break", "loss", "node2", "30%");
    // On the way there and back: 1 - 0.7², which 200 packets meet within ±20.
    const some = await lost();
    t.true(some > 31 && some < 71, `${some}% lost`);
    await heal(lab);
    t.is(await lost(), 0);
  },
);

packetTest(
  "a client that is none of the good ones gets no answer; let through to it, named refuses it",
  async (t) => {
    const lab = theLab();
    const { privateIpAddress } = await lab.instance("forwarder1");
    const ask = (host: string) => lab.on(host, "dig", "+time=1", "+tries=1", `@${privateIpAddress}`, NAME);
    t.regex(await ask("client"), /status: NOERROR/);
    t.regex(await ask("guest"), /timed out|no servers could be reached/, "the security group drops it");
    await letGuestThrough(lab, privateIpAddress);
    t.regex(await ask("guest"), /status: REFUSED/);
  },
);

/** Opens the forwarder's security group to the guest, and gives it a way back. */
async function letGuestThrough(lab: PacketLab, forwarder: string): Promise<void> {
  const block = "203.0.113.0/24";
  const { networkInterfaces, routeTables } = await lab.model();
  const [GroupId] =
    networkInterfaces.find(({ addresses }) => addresses.includes(forwarder))?.securityGroupIds ?? [];
  const rule = { IpProtocol: "udp", FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: block }] };
  await lab.ec2.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
  for (const { id, routes } of routeTables) {
    const target = routes.find((route) => route.target.kind === "transit-gateway")?.target;
    if (target === undefined) continue;
    const route = { RouteTableId: id, DestinationCidrBlock: block, TransitGatewayId: target.id };
    await lab.ec2.send(new ec2.CreateRouteCommand(route));
  }
  await lab.settled();
}

packetTest(
  "one forwarder killed: no lookup fails, and the few that meet it take at most two seconds longer",
  async (t) => {
    const lab = theLab();
    for (const forwarder of ["forwarder1", "forwarder2"]) {
      await lab.succeed("lab:break", "kill", forwarder);
      const slow: number[] = [];
      for (let i = 0; i < 15; i++) {
        // Names that no cache has yet; that they don't exist is an answer.
        const text = await lab.on(
          "client",
          "dig",
          "+time=5",
          "+tries=1",
          `${forwarder}-${i}.awslab.mycompany.corp`,
        );
        t.regex(text, /status: NXDOMAIN/, text);
        const ms = Number(/Query time: (\d+) msec/.exec(text)?.[1]);
        if (ms > 500) slow.push(ms);
      }
      // One to learn that it is dead; on a busy machine BIND may try it once more.
      t.true(slow.length <= 2 && slow.every((ms) => ms < 3000), `slow: ${slow.join(", ")} ms`);
      await heal(lab);
    }
  },
);

packetTest("a zone cut off: names resolve, and overlay and name fail over to the other one", async (t) => {
  const lab = theLab();
  await lab.succeed("lab:break", "cut", "us-east-1a");
  t.is(await lab.whoAnswers("client", OVERLAY), "nobody");
  const text = await lab.on("client", "dig", "+time=5", "+tries=1", "zone-cut.awslab.mycompany.corp");
  t.regex(text, /status: NXDOMAIN/);
  const overlay = await failover(lab, "overlay", "node2");
  t.is(overlay.answered.at(-1)?.node, "node2");
  const name = await failover(lab, "dns", "node2");
  t.is(name.answered.at(-1)?.node, "node2");
  t.is(await lab.whoAnswers("client", NAME), "node2");
  await heal(lab);
  await failover(lab, "overlay", "node1");
  await failover(lab, "dns", "node1");
  await until(
    "the client has the old address again",
    async () => (await lab.whoAnswers("client", NAME)) === "node1",
  );
});

packetTest("what cannot be broken: one line that says what there is, and nothing done", async (t) => {
  const lab = theLab();
  for (const [words, said] of [
    [["kill", "nobody"], /no host nobody.*client, corporate-dns.*node1/],
    [["cut", "us-east-9z"], /no host or zone us-east-9z.*us-east-1a, us-east-1b/],
    [["loss", "node1", "0%"], /whole number from 1% to 100%/],
    [["loss", "node1"], /too few words/],
    [["melt", "node1"], /no 'melt'/],
  ] as const) {
    const { code, stderr } = await lab.run("lab:break", ...words);
    t.is(code, 1);
    t.regex(stderr, said);
    t.is(stderr.trim().split("\n").length, 1);
  }
  t.deepEqual((await lab.control.report()).breakages, []);
});
