import {
  DescribeRouteTablesCommand,
  DescribeVpcsCommand,
  EC2Client,
  ReplaceRouteCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import test from "ava";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { alive } from "../../cloud/engine/lock";
import { node, nodes, overlay, overlayNode, overlayRoutes } from "./_aws";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

test.serial(
  "an AWS client sees the VPC, two nodes in two zones with the check off, and the route in every table",
  async (t) => {
    const { Vpcs = [] } = await lab.ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: "tag:Lab", Values: [lab.stack] }] }),
    );
    t.is(Vpcs.length, 1);
    const { node1, node2 } = await nodes(lab.ec2);
    t.is(node1?.Placement?.AvailabilityZone, "us-east-1a");
    t.is(node2?.Placement?.AvailabilityZone, "us-east-1b");
    for (const node of [node1, node2]) {
      t.is(node?.SourceDestCheck, false);
      t.is(node?.MetadataOptions?.HttpTokens, "required");
      t.is(node?.PublicIpAddress, undefined);
    }
    const { RouteTables = [] } = await lab.ec2.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [Vpcs[0]?.VpcId ?? ""] }] }),
    );
    t.true(RouteTables.length >= 3);
    const routes = await overlayRoutes(lab.ec2);
    t.deepEqual(Object.keys(routes).sort(), RouteTables.map((table) => table.RouteTableId ?? "").sort());
    t.true(Object.values(routes).every((node) => node === "node1"));
  },
);

test.serial("a second run, and a preview, report no changes", async (t) => {
  const again = await lab.succeed("lab");
  t.regex(again.stdout, /\d+ unchanged/);
  t.notRegex(again.stdout, /\d+ (created|updated|replaced|deleted)/);
  const preview = await lab.succeed("pulumi", "preview", "--diff", "--expect-no-changes");
  t.notRegex(preview.stdout, /to (create|update|replace|delete)/);
});

test.serial("a failover moves the route in every table and prints one JSON object", async (t) => {
  const { stdout } = await lab.succeed("failover", "overlay", "node2", "--json");
  const result = JSON.parse(stdout) as Record<string, unknown> & { seconds: Record<string, number> };
  t.like(result, { service: "overlay", from: "node1", to: "node2", moved: true });
  t.true((result.seconds.total ?? 0) > 0);
  t.true(Object.keys(result.seconds).length > 1, "seconds per step");
  t.is(await overlayNode(lab.ec2), "node2");
  const { stdout: outputs } = await lab.succeed("pulumi", "stack", "output", "--json");
  t.like(JSON.parse(outputs), { services: { overlay: { active: "node2" } } });
});

test.serial("the same failover again is a no-op that says so", async (t) => {
  const last = (await lab.admin.audit()).at(-1)?.n;
  const { stdout } = await lab.succeed("failover", "overlay", "node2");
  t.regex(stdout, /already/);
  const after = await lab.admin.audit(last);
  t.false(after.some((call) => /^(Replace|Create|Delete)Route$/.test(call.action)));
});

test.serial("the update after a failover changes nothing", async (t) => {
  const { stdout } = await lab.succeed("lab");
  t.notRegex(stdout, /\d+ (created|updated|replaced|deleted)/);
  t.is(await overlayNode(lab.ec2), "node2");
});

test.serial(
  "a node may move the overlay route with its own role, and nothing that it was not given",
  async (t) => {
    const { InstanceId } = await node(lab.ec2, "node1");
    const role = await lab.admin.instanceCredentials(InstanceId);
    const asNode = new EC2Client({
      region: "us-east-1",
      endpoint: lab.url,
      maxAttempts: 1,
      credentials: {
        accessKeyId: role.AccessKeyId,
        secretAccessKey: role.SecretAccessKey,
        sessionToken: role.Token,
      },
    });
    const [RouteTableId] = Object.keys(await overlayRoutes(lab.ec2));
    const route = { RouteTableId, DestinationCidrBlock: overlay, InstanceId };
    await t.throwsAsync(asNode.send(new ReplaceRouteCommand({ ...route, DryRun: true })), {
      name: "DryRunOperation",
    });
    await t.throwsAsync(asNode.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] })), {
      name: "UnauthorizedOperation",
    });
  },
);

test.serial("none of the commands makes the checkout dirty", (t) => {
  const status = execFileSync("git", ["status", "--porcelain", "--", "stacks", "Pulumi.yaml", ".lab"], {
    cwd: lab.root,
    encoding: "utf8",
  });
  t.is(status, "");
});

test.serial("lab:down leaves no process and no file but its own folder", async (t) => {
  const { pid, motoPid } = lab.record;
  await lab.succeed("lab:down");
  t.false(alive(pid));
  t.false(alive(motoPid));
  t.false(fs.existsSync(lab.configFile()));
});
