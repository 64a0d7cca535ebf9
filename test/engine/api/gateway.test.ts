/** The gateway's own powers: audit, faults, events, settings, dry runs, loud refusals, and what happens when moto dies. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ec2 from "@aws-sdk/client-ec2";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import test from "ava";
import { type ChangeEvent, CloudAdmin, startCloud } from "../../cloud/api";
import { launchNode, makeSite, refusal, TestCloud, withCloud } from "./_cloud";

const theCloud = withCloud(test);
const scope = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIAFAILOVERLAB00000/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

test.afterEach.always(async () => {
  await theCloud().admin.clearFaults();
});

test.serial(
  "the audit log has every call: who, what, with which parameters, and what came of it",
  async (t) => {
    const cloud = theCloud();
    const before = (await cloud.admin.audit()).at(-1)?.n ?? 0;
    await cloud.ec2().send(new ec2.CreateVpcCommand({ CidrBlock: "10.99.0.0/16" }));
    await refusal(cloud.ec2().send(new ec2.DescribeVpcsCommand({ VpcIds: ["vpc-00000000000000000"] })));
    const calls = await cloud.admin.audit(before);
    t.deepEqual(
      calls.map((call) => call.n),
      [before + 1, before + 2],
    );
    t.like(calls[0], {
      principal: "arn:aws:iam::123456789012:user/lab-administrator",
      service: "ec2",
      action: "CreateVpc",
      region: "us-east-1",
      parameters: { CidrBlock: "10.99.0.0/16" },
      result: "ok",
      status: 200,
      moto: 1,
    });
    t.like(calls[1], { action: "DescribeVpcs", result: "InvalidVpcID.NotFound", status: 400 });
  },
);

test.serial("the audit log is a file too, and no secret is in it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  const file = join(folder, "audit.jsonl");
  const cloud = await TestCloud.start({}, file);
  try {
    const client = new IAMClient(cloud.config());
    await client.send(new CreateUserCommand({ UserName: "somebody" }));
    const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: "somebody" }));
    const lines = readFileSync(file, "utf8").trim().split("\n");
    t.deepEqual(
      lines.map((line) => (JSON.parse(line) as { action: string }).action),
      ["CreateUser", "CreateAccessKey"],
    );
    t.false(lines.join().includes(AccessKey?.SecretAccessKey ?? "?"));
    t.false(/Signature|Credential=/.test(lines.join()));
  } finally {
    await cloud.cloud.close();
    rmSync(folder, { recursive: true });
  }
});

test.serial("a fault hits the nth call that matches, before anything is applied", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const code = "RequestLimitExceeded";
  await cloud.admin.setFault({
    kind: "error",
    action: "CreateSubnet",
    nth: 2,
    code,
    match: { VpcId: site.vpcId },
    status: 503,
  });
  const create = (block: string) =>
    client.send(new ec2.CreateSubnetCommand({ VpcId: site.vpcId, CidrBlock: block }));
  const { Vpcs } = await client.send(new ec2.DescribeVpcsCommand({ VpcIds: [site.vpcId] }));
  const block = (third: number) => (Vpcs?.[0]?.CidrBlock ?? "").replace(".0.0/16", `.${third}.0/24`);
  await create(block(10));
  t.like(await refusal(create(block(11))), { code, status: 503 });
  await create(block(11));
  const [fault] = await cloud.admin.faults();
  t.like(fault, { seen: 3, fired: 1 });
});

test.serial("a lost reply: the change is applied, and the client does not learn of it", async (t) => {
  const cloud = theCloud();
  await cloud.admin.setFault({ kind: "lost-reply", action: "PutParameter", count: "unlimited" });
  const client = new SSMClient(cloud.config());
  const put = client.send(new PutParameterCommand({ Name: "lost", Value: "applied", Type: "String" }));
  const { code } = await refusal(put);
  t.not(code, "ok");
  const { Parameter } = await client.send(new GetParameterCommand({ Name: "lost" }));
  t.is(Parameter?.Value, "applied");
  const call = (await cloud.admin.audit()).find((one) => one.action === "PutParameter");
  t.like(call, { result: "lost-reply", status: 0, faults: ["lost-reply"] });
});

test.serial("a stale read shows what was before the last change", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const [one, two] = [await launchNode(cloud, site.subnets[0]), await launchNode(cloud, site.subnets[1])];
  const route = { RouteTableId: site.tables[0], DestinationCidrBlock: "192.168.10.1/32" };
  const target = async () => {
    const { RouteTables } = await client.send(
      new ec2.DescribeRouteTablesCommand({ RouteTableIds: [site.tables[0]] }),
    );
    return RouteTables?.[0]?.Routes?.find((each) => each.DestinationCidrBlock === route.DestinationCidrBlock)
      ?.InstanceId;
  };
  await client.send(new ec2.CreateRouteCommand({ ...route, NetworkInterfaceId: one.eni }));
  await client.send(new ec2.ReplaceRouteCommand({ ...route, NetworkInterfaceId: two.eni }));
  await cloud.admin.setFault({ kind: "stale", action: "DescribeRouteTables" });
  t.is(await target(), one.id, "stale");
  t.is(await target(), two.id, "fresh again");
  await client.send(new ec2.ReplaceRouteCommand({ ...route, NetworkInterfaceId: one.eni }));
  await cloud.admin.changeSettings({ staleReadMs: 1_000_000_000 });
  t.is(await target(), two.id, "stale by setting");
  await cloud.admin.changeSettings({ staleReadMs: 0 });
  t.is(await target(), one.id);
});

test.serial("changes are announced with the resources that they name", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const seen: ChangeEvent[] = [];
  const second = new Promise<void>((resolve, reject) => {
    cloud.admin
      .subscribe((event) => {
        seen.push(event);
        if (seen.length === 2) resolve();
      })
      .then(async () => {
        await client.send(new ec2.DescribeVpcsCommand({}));
        const made = await client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0] }));
        const NetworkInterfaceId = made.NetworkInterface?.NetworkInterfaceId;
        await client.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
      })
      .catch(reject);
  });
  await second;
  t.deepEqual(
    seen.map((event) => event.action),
    ["CreateNetworkInterface", "DeleteNetworkInterface"],
    "reads are no change",
  );
  t.true(seen[0]?.resources.includes(site.subnets[0]));
  t.is(seen[1]?.resources.length, 1);
});

test("settings and faults with mistakes in them are refused, each mistake named", async (t) => {
  const { admin } = theCloud();
  const settings = { detachMs: -1, colour: 3 } as unknown as { detachMs: number };
  const refused = await t.throwsAsync(admin.changeSettings(settings));
  t.regex(refused.message, /detachMs: must be.*colour: unknown/);
  const fault = await t.throwsAsync(admin.setFault({ kind: "delay", action: "ReplaceRoute", nth: 0 }));
  t.regex(fault.message, /nth: must be.*ms: a delay needs/);
});

test("what nobody has compared with AWS is refused by name: service, action, path", async (t) => {
  const { url } = theCloud().cloud;
  const ask = async (service: string, init: RequestInit, path = "/") => {
    const answer = await fetch(`${url}${path}`, { ...init, headers: { authorization: scope(service) } });
    return { status: answer.status, text: await answer.text() };
  };
  const action = await ask("ec2", { method: "POST", body: "Action=DescribeFleets&Version=2016-11-15" });
  t.is(action.status, 501);
  t.regex(action.text, /NotImplementedByTheFakeAws.*DescribeFleets/);
  t.regex(
    (await ask("sqs", { method: "POST", body: "Action=CreateQueue" })).text,
    /the service &#34;sqs&#34;/,
  );
  t.regex((await ask("route53", {}, "/2013-04-01/healthcheck")).text, /GET \/2013-04-01\/healthcheck/);
});

test("every EC2 action can be tried: a dry run changes nothing", async (t) => {
  const cloud = theCloud();
  const client = cloud.ec2();
  const site = await makeSite(client);
  const { id, eni } = await launchNode(cloud, site.subnets[0]);
  const dry = { DryRun: true };
  const calls = [
    client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.98.0.0/16", ...dry })),
    client.send(new ec2.CreateSubnetCommand({ VpcId: site.vpcId, CidrBlock: "10.1.200.0/24", ...dry })),
    client.send(new ec2.CreateRouteTableCommand({ VpcId: site.vpcId, ...dry })),
    client.send(
      new ec2.AssociateRouteTableCommand({ RouteTableId: site.tables[0], SubnetId: site.subnets[0], ...dry }),
    ),
    client.send(new ec2.StopInstancesCommand({ InstanceIds: [id], ...dry })),
    client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id], ...dry })),
    client.send(new ec2.CreateNetworkInterfaceCommand({ SubnetId: site.subnets[0], ...dry })),
    client.send(
      new ec2.ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: eni,
        SourceDestCheck: { Value: false },
        ...dry,
      }),
    ),
    client.send(new ec2.CreateTagsCommand({ Resources: [id], Tags: [{ Key: "a", Value: "b" }], ...dry })),
    client.send(new ec2.DescribeInstancesCommand({ ...dry })),
  ];
  const codes = await Promise.all(calls.map(async (call) => (await refusal(call)).code));
  t.deepEqual(codes, new Array(calls.length).fill("DryRunOperation"));
  const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
  t.like(Reservations?.[0]?.Instances?.[0], {
    State: { Name: "running" },
    SourceDestCheck: true,
    Tags: undefined,
  });
});

test("web pages and other hosts are refused", async (t) => {
  const { url } = theCloud().cloud;
  t.is((await fetch(`${url}/_cloud/health`, { headers: { origin: "https://example.com" } })).status, 403);
  t.is((await fetch(`${url}/_cloud/health`)).status, 200);
});

test.serial("when moto dies every call says so and what to do, and health is bad", async (t) => {
  const cloud = await TestCloud.start();
  try {
    process.kill(cloud.cloud.motoPid, "SIGKILL");
    const first = await refusal(cloud.ec2().send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0.0/16" })));
    t.like(first, { code: "FakeAwsDied", status: 503 });
    t.regex(first.message, /npm run lab:down, then npm run lab/);
    t.like(await cloud.admin.health(), { ok: false, moto: { alive: false } });
    const parameter = new SSMClient(cloud.config()).send(new GetParameterCommand({ Name: "x" }));
    t.is((await refusal(parameter)).code, "FakeAwsDied");
  } finally {
    await cloud.cloud.close();
  }
});

test.serial("a port in use: another is taken; two clouds have two identities", async (t) => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => {
      resolve((taken.address() as AddressInfo).port);
    });
  });
  const cloud = await startCloud({ python: theCloud().python.python, port });
  t.not(cloud.port, port);
  t.not(cloud.cloudId, theCloud().cloud.cloudId);
  await cloud.close();
  taken.close();
});

test.serial(
  "the daemon is ready when its file says so, ends cleanly on SIGTERM, and takes moto along on SIGKILL",
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "daemon-"));
    const file = join(folder, "ready.json");
    const start = async () => {
      const changed = new Promise<void>((resolve) => {
        const watcher = watch(folder, () => {
          if (!existsSync(file)) return;
          watcher.close();
          resolve();
        });
      });
      const main = join(__dirname, "..", "..", "cloud", "api", "main.ts");
      const args = [
        "-r",
        "ts-node/register/transpile-only",
        main,
        "--python",
        theCloud().python.python,
        "--ready-file",
        file,
      ];
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      await changed;
      const ready = JSON.parse(readFileSync(file, "utf8")) as {
        url: string;
        pid: number;
        motoPid: number;
        cloudId: string;
      };
      return { child, ready, ended: new Promise((resolve) => child.once("exit", resolve)) };
    };
    const first = await start();
    t.is((await new CloudAdmin(first.ready.url).health()).cloudId, first.ready.cloudId);
    first.child.kill("SIGTERM");
    t.is(await first.ended, 0);
    t.false(existsSync(file));
    const second = await start();
    second.child.kill("SIGKILL");
    await second.ended;
    await gone(second.ready.motoPid);
    t.pass();
    rmSync(folder, { recursive: true });
  },
);

/** Waits until the process has ended; the test's own time-out is the limit. */
async function gone(pid: number): Promise<void> {
  while (
    existsSync(`/proc/${pid}/stat`) &&
    !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
