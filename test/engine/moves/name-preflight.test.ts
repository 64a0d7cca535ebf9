import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { StopInstancesCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { serviceName, type NameService } from "../../../components/failover/mechanisms/service-name/moves";
import { launch, makeSite, withCloud } from "../api/_cloud";
import { contextFor } from "./_faults";

const cloud = withCloud(test);

let zones = 0;

async function scene(): Promise<{
  service: NameService;
  instance: string;
  write: (record: ResourceRecordSet) => Promise<unknown>;
}> {
  const { vpcId, subnets } = await makeSite(cloud().ec2());
  const client = new Route53Client(cloud().config());
  zones += 1;
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({
      Name: `awslab${zones}.mycompany.corp`,
      CallerReference: String(zones),
      VPC: { VPCId: vpcId, VPCRegion: "us-east-1" },
      HostedZoneConfig: { PrivateZone: true },
    }),
  );
  const hostedZoneId = HostedZone?.Id ?? "";
  const node = await launch(cloud(), subnets[1]);
  const service: NameService = {
    hostedZoneId,
    name: `myservice.awslab${zones}.mycompany.corp`,
    ttl: 10,
    region: "us-east-1",
    vpcId,
    candidates: {
      node1: { address: "10.1.0.10" },
      node2: { address: node.PrivateIpAddress ?? "", instanceId: node.InstanceId ?? "" },
    },
  };
  const write = (ResourceRecordSet: ResourceRecordSet): Promise<unknown> =>
    client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: hostedZoneId,
        ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet }] },
      }),
    );
  return { service, instance: node.InstanceId ?? "", write };
}

async function reasons(service: NameService, to = "node2"): Promise<string[]> {
  const { admin } = cloud();
  const start = (await admin.audit()).at(-1)?.n ?? 0;
  const problems = await serviceName.preflight(service, to, contextFor(cloud()));
  for (const { action } of await admin.audit(start))
    if (!/^(Describe|List|Get)/.test(action)) throw new Error(`${action} is not read-only`);
  return problems.map(({ subject, reason }) => `${subject} ${reason}`);
}

test.serial("a healthy standby has nothing against it; an unknown one is refused", async (t) => {
  const { service } = await scene();
  t.deepEqual(await reasons(service), []);
  t.deepEqual(await reasons(service, "node1"), []);
  t.deepEqual(await reasons(service, "node9"), ["node9 is not a candidate of this service"]);
});

test.serial("a zone that is missing, another one's, or unknown to the VPC is refused", async (t) => {
  const { service } = await scene();
  t.deepEqual(await reasons({ ...service, hostedZoneId: "Z00000000000000000000" }), [
    "Z00000000000000000000 does not exist",
  ]);
  t.regex(
    (await reasons({ ...service, name: "www.example.com" })).join("\n"),
    /^www\.example\.com is not in zone awslab/,
  );
  t.regex((await reasons({ ...service, vpcId: "vpc-0123" })).join("\n"), /is not associated with vpc-0123/);
  const client = new Route53Client(cloud().config());
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({ Name: "example.org", CallerReference: "public" }),
  );
  const open = { ...service, hostedZoneId: HostedZone?.Id ?? "", name: "www.example.org" };
  t.regex((await reasons(open)).join("\n"), /is a public zone/);
});

test.serial("a record that is a stranger's is refused, whatever its type", async (t) => {
  const { service, write } = await scene();
  const Name = service.name;
  await write({ Name, Type: "A", TTL: 10, ResourceRecords: [{ Value: "10.9.9.9" }] });
  t.deepEqual(await reasons(service), [
    `${Name} has an A record with 10.9.9.9, which is no candidate's address`,
  ]);
  t.deepEqual(await reasons({ ...service, formerAddresses: ["10.9.9.9"] }), []);
  const aliased = { ...service, name: `other.${Name}` };
  await write({
    Name: aliased.name,
    Type: "CNAME",
    TTL: 10,
    ResourceRecords: [{ Value: "www.example.com" }],
  });
  t.regex((await reasons(aliased)).join("\n"), /has a CNAME record/);
});

test.serial(
  "a node that is stopped, or doesn't have the address, and a TTL that is none, are refused at once",
  async (t) => {
    const { service, instance } = await scene();
    const candidates = { ...service.candidates, node2: { address: "10.77.0.1", instanceId: instance } };
    await cloud()
      .ec2()
      .send(new StopInstancesCommand({ InstanceIds: [instance] }));
    const found = await reasons({ ...service, ttl: -1, candidates });
    t.is(found.length, 3, found.join("\n"));
    t.regex(found.join("\n"), /TTL -1/);
    t.regex(found.join("\n"), /is stopped/);
    t.regex(found.join("\n"), /does not have the address 10\.77\.0\.1/);
  },
);

test.serial(
  "it moves, repeats as a no-op, is located, undone, and removed only while it is ours",
  async (t) => {
    const { service, write } = await scene();
    const context = contextFor(cloud());
    t.like(await serviceName.locate(service, context), { state: "absent" });
    t.like(await serviceName.move(service, "node1", context), {
      to: "node1",
      moved: true,
      warnings: [],
    });
    const report = await serviceName.move(service, "node2", context);
    t.like(report, { from: "node1", to: "node2", moved: true });
    t.deepEqual(
      report.steps.map(({ name }) => name),
      ["load SDK", "read", "re-point", "verify", "propagate"],
    );
    t.like(await serviceName.move(service, "node2", context), { moved: false });
    t.like(await serviceName.locate(service, context), { state: "at", node: "node2" });
    t.like(await serviceName.move(service, "node1", context), { from: "node2", to: "node1", moved: true });
    t.like(await serviceName.locate(service, context), { state: "at", node: "node1" });

    const foreign = {
      Name: service.name,
      Type: "A" as const,
      TTL: 10,
      ResourceRecords: [{ Value: "10.9.9.9" }],
    };
    await write(foreign);
    t.like(await serviceName.locate(service, context), { state: "elsewhere" });
    const kept = await serviceName.remove(service, context);
    t.deepEqual([kept.removed.length, kept.left.length], [0, 1]);
    await serviceName.move(service, "node1", context);
    const gone = await serviceName.remove(service, context);
    t.deepEqual([gone.removed.length, gone.left.length], [1, 0]);
    t.like(await serviceName.locate(service, context), { state: "absent" });
  },
);
