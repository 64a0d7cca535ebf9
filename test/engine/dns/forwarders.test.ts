import { stripVTControlCharacters } from "node:util";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import test, { type ExecutionContext } from "ava";
import { CloudAdmin } from "../../cloud/api";
import { Lab } from "../plugins/_fixture";
import { type ComponentProject, componentProject } from "./_program";

const lab = Lab.start();
const administrator = async (): Promise<CloudAdmin> => new CloudAdmin((await lab).cloud.url);
test.after.always(async () => (await lab).stop());

const program = (clients = ["172.16.0.0/12"]): string => `
const { BindForwarders } = require("./components/dns/bind-forwarders");
const made = new BindForwarders("forwarders", {
  region, vpcId, tags, vpcCidr: plan.vpcCidr, resolver: plan.resolver, privateZone: "awslab.mycompany.corp",
  intranetCidrs: ${JSON.stringify(clients)}, system: "amazon-linux-2023", instanceType: "t3.micro", rootVolumeGiB: 10,
  places: { forwarder1: place("forwarder1"), forwarder2: place("forwarder2") },
});
module.exports = { forwarders: made.forwarders, namedConf: made.namedConf };
`;

/** The live instances by the Name tag. */
async function instances(): Promise<Record<string, string>> {
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  const { Reservations = [] } = await (await lab).ec2().send(new DescribeInstancesCommand({ Filters }));
  const all = Reservations.flatMap(({ Instances = [] }) => Instances);
  return Object.fromEntries(
    all.map(({ InstanceId = "", Tags = [] }) => [
      Tags.find(({ Key }) => Key === "Name")?.Value ?? "",
      InstanceId,
    ]),
  );
}

/** What an update did to instances, in its order: `terminate forwarder1`, `run`, `up`, … */
async function changes(update: () => Promise<void>): Promise<string[]> {
  const admin = await administrator();
  const since = (await admin.audit()).at(-1)?.n ?? 0;
  const names = Object.fromEntries(Object.entries(await instances()).map(([name, id]) => [id, name]));
  await update();
  const words: Record<string, string> = {
    TerminateInstances: "terminate",
    RunInstances: "run",
    DescribeInstanceStatus: "look",
  };
  return (await admin.audit(since)).flatMap(({ action, parameters }) => {
    const word = words[action];
    const id = parameters["InstanceId.1"] ?? "";
    return word === undefined ? [] : [`${word} ${names[id] ?? ""}`.trim()];
  });
}

/** A stack with the forwarders, which is gone when the test is over. */
async function made(t: ExecutionContext, name: string): Promise<ComponentProject> {
  const project = await componentProject(await lab, name, program());
  t.teardown(async () => {
    await project.destroy();
  });
  const { code, text } = await project.up();
  if (code !== 0) throw new Error(text);
  return project;
}

test.serial(
  "two hardened instances in two zones, DNS and ssh open to whom it may concern, and no change after",
  async (t) => {
    const project = await made(t, "build");
    t.deepEqual((await project.outputs())["forwarders"], [
      { name: "forwarder1", zone: "us-east-1a", address: "10.0.64.5" },
      { name: "forwarder2", zone: "us-east-1b", address: "10.0.80.5" },
    ]);
    const all = await project.resources();
    const group = all.find(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
    const rules = group?.inputs["ingress"] as {
      protocol: string;
      fromPort: number;
      toPort: number;
      cidrBlocks: string[];
    }[];
    t.deepEqual(
      rules.map(({ protocol, fromPort, toPort, cidrBlocks }) => [
        protocol,
        fromPort,
        toPort,
        cidrBlocks.join(),
      ]),
      [
        ["udp", 53, 53, "172.16.0.0/12,10.0.0.0/16"],
        ["tcp", 53, 53, "172.16.0.0/12,10.0.0.0/16"],
        ["tcp", 22, 22, "172.16.0.0/12"],
      ],
    );
    for (const forwarder of ["forwarder1", "forwarder2"]) {
      const instance = all.find(
        ({ urn, type }) => type === "aws:ec2/instance:Instance" && urn.endsWith(forwarder),
      );
      t.like(instance?.outputs, {
        associatePublicIpAddress: false,
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true },
        tags: { Name: forwarder, Lab: "test" },
      });
      t.falsy(instance?.outputs["iamInstanceProfile"]);
    }
    t.deepEqual(await project.steps(), []);

    const { code, text } = await project.destroy();
    t.is(code, 0, text);
    t.deepEqual(await instances(), {});
  },
);

test.serial(
  "another named.conf replaces the first forwarder, and the second when the first is up",
  async (t) => {
    const project = await made(t, "replace");
    const before = await instances();
    const admin = await administrator();
    // Throttling holds up the look at the first forwarder; while it lasts, the second has to stay.
    await admin.setFault({
      kind: "error",
      action: "DescribeInstanceStatus",
      code: "RequestLimitExceeded",
      count: 3,
    });
    t.teardown(() => admin.clearFaults());
    project.write(program(["172.16.0.0/12", "192.168.30.0/24"]));
    const done = await changes(async () => {
      const { code, text } = await project.up();
      t.is(code, 0, text);
    });
    const second = done.indexOf("terminate forwarder2");
    t.deepEqual(done.slice(0, 2), ["terminate forwarder1", "run"]);
    t.true(done.slice(2, second).length > 3, done.join());
    t.true(
      done.slice(2, second).every((word) => word === "look"),
      done.join(),
    );
    t.is(done[second + 1], "run");
    const after = await instances();
    t.not(after["forwarder1"], before["forwarder1"]);
    t.not(after["forwarder2"], before["forwarder2"]);
    t.deepEqual(await project.steps(), []);
  },
);

test.serial(
  "a first forwarder that does not come back leaves the second alone, and the next update goes on",
  async (t) => {
    const project = await made(t, "failing");
    const { forwarder2 } = await instances();
    const admin = await administrator();
    await admin.setFault({
      kind: "error",
      action: "RunInstances",
      code: "InsufficientInstanceCapacity",
      count: "unlimited",
    });
    t.teardown(() => admin.clearFaults());
    project.write(program(["172.16.0.0/12", "192.168.30.0/24"]));
    const failed = await project.up();
    t.not(failed.code, 0);
    t.regex(failed.text, /InsufficientInstanceCapacity/);
    t.deepEqual(await instances(), { forwarder2 });

    await admin.clearFaults();
    const done = await changes(async () => {
      const { code, text } = await project.up();
      t.is(code, 0, text);
    });
    t.is(done[0], "run");
    t.true(done.indexOf("look") < done.indexOf("terminate forwarder2"), done.join());
    t.deepEqual(Object.keys(await instances()).sort(), ["forwarder1", "forwarder2"]);
  },
);

test.serial("one zone and other mistakes are refused at once, before anything is built", async (t) => {
  const body = program(["0.0.0.0/0", "2001:db8::/32"]).replace(
    `place("forwarder2")`,
    `{ ...place("forwarder1"), privateIp: "10.0.64.5" }`,
  );
  const project = await componentProject(await lab, "refused", body.replace("awslab.mycompany.corp", "corp"));
  const { code, text } = await project.pulumi("preview");
  t.not(code, 0);
  const plain = stripVTControlCharacters(text);
  for (const [key, reason] of [
    ["places", "all stand in us-east-1a"],
    ["places.forwarder2.privateIp", "10.0.64.5 is forwarder1's address too"],
    ["intranetCidrs[0]", "0.0.0.0/0 is far more than an intranet"],
    ["intranetCidrs[1]", "2001:db8::/32 is an IPv6 block"],
    ["privateZone", '"corp" is not a domain name of two labels'],
  ] as const) {
    t.true(plain.includes(`propertyPath: '${key}'`), plain);
    t.true(plain.includes(reason), plain);
  }
});
