/** The probing client against real servers on loopback. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import test, { type ExecutionContext } from "ava";
import { monotonic } from "../../cloud/probe/answers";
import { outageOf } from "../../cloud/probe/outage";
import { startProbe } from "../../cloud/probe/probe";
import { serveDns } from "../../cloud/dns/server";
import { vpcResolver } from "../../cloud/dns/answers";
import { hostedZone, model, networkInterface, record, VPC_ID } from "../vpc-resolver/_model";

const PROGRAM = path.join(__dirname, "..", "..", "cloud", "probe", "main.ts");
const COMMAND = ["env", "NODE_OPTIONS=-r ts-node/register/transpile-only"];

async function serve(port: number, name: string): Promise<Server> {
  const server = createServer((_, response) => response.end(`${name}\n`));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

async function ended(server: Server): Promise<void> {
  const over = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await over;
}

function probe(t: ExecutionContext, port: number, changes: object = {}) {
  const target = {
    host: "127.0.0.1",
    port,
    nameServers: [],
    everyMs: 5,
    deadlineMs: 300,
    most: 50,
    ...changes,
  };
  const running = startProbe(COMMAND, PROGRAM, target);
  t.teardown(async () => {
    await running.end();
  });
  return running;
}

test("one node goes, another comes: what was lost between, and who answered", async (t) => {
  const first = await serve(0, "node1");
  const { port } = first.address() as AddressInfo;
  const running = probe(t, port);
  t.true(await running.until(({ by }) => by === "node1", 20_000));
  const zero = monotonic();
  await ended(first);
  t.true(await running.until(({ error }) => error === "ECONNREFUSED", 20_000));
  const second = await serve(port, "node2");
  t.teardown(() => ended(second));
  t.true(await running.until(({ by }) => by === "node2", 20_000));
  const found = outageOf(await running.end(), zero);
  t.deepEqual(
    found.answered.map(({ node }) => node),
    ["node1", "node2"],
  );
  t.true(found.lost > 0);
  t.true((found.firstLost ?? 0) <= (found.lastLost ?? 0));
  t.true((found.answered[0]?.to ?? 1) < (found.answered[1]?.from ?? 0));
});

test("a server that says nothing: requests are given up at their deadline, and never more are under way than may be", async (t) => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  t.teardown(() => ended(silent));
  const running = probe(t, (silent.address() as AddressInfo).port, { most: 7 });
  let lost = 0;
  await running.until(({ error }) => error === "no answer in 300 ms" && (lost += 1) >= 20, 20_000);
  const requests = await running.end();
  t.true(requests.every(({ sent, ended: end }) => end - sent >= 299));
  const underWay = requests.map(
    ({ sent }) => requests.filter((one) => one.sent <= sent && one.ended > sent).length,
  );
  t.is(Math.max(...underWay), 7);
});

test("a name is looked up for each request", async (t) => {
  const name = "myservice.awslab.mycompany.corp.";
  const cloud = (address: string) => {
    const zones = [hostedZone("awslab.mycompany.corp.", [record(name, "A", address, 60)])];
    return model(zones, { networkInterfaces: [networkInterface("eni-1", "127.0.0.1")] });
  };
  let now = cloud("127.0.0.1");
  const dns = await serveDns(["127.0.0.1"], 0, vpcResolver({ vpcId: VPC_ID, model: () => now }));
  t.teardown(() => dns.close());
  const node1 = await serve(0, "node1");
  const { port } = node1.address() as AddressInfo;
  const node2 = createServer((_, response) => response.end("node2\n"));
  await new Promise<void>((resolve) => node2.listen(port, "127.0.0.2", resolve));
  t.teardown(() => Promise.all([ended(node1), ended(node2)]));
  const running = probe(t, port, { host: name, nameServers: [`127.0.0.1:${dns.port}`] });
  t.true(await running.until(({ by }) => by === "node1", 20_000));
  now = cloud("127.0.0.2");
  t.true(await running.until(({ by }) => by === "node2", 20_000));
});
