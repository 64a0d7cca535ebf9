import {
  type EC2Client,
  CreateTagsCommand,
  DeleteVpcCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import test from "ava";
import { Lab } from "./_fixture";

const lab = Lab.start();
const client = async (): Promise<EC2Client> => (await lab).ec2();
test.after.always(async () => (await lab).stop());

const program = (args: string): string => `
  const vpc = new aws.ec2.Vpc("main", ${args});
  module.exports = { id: vpc.id, arn: vpc.arn, main: vpc.mainRouteTableId, all: vpc.tagsAll };
`;

test("a VPC lives through create, no change, update, drift, replacement, import and destruction", async (t) => {
  const project = await (
    await lab
  ).project("vpc", program(`{ cidrBlock: "10.0.0.1/16", tags: { Name: "a" } }`));
  const ec2 = await client();
  await project.pulumi("config", "set", "--path", "aws:defaultTags.tags.Lab", "x");

  const created = await project.up();
  t.is(created.code, 0, created.text);
  const outputs = await project.outputs();
  t.regex(String(outputs["arn"]), /^arn:aws:ec2:us-east-1:\d{12}:vpc\/vpc-/);
  t.deepEqual(outputs["all"], { Name: "a", Lab: "x" });
  t.regex(String(outputs["main"]), /^rtb-/);
  t.deepEqual(await project.steps(), []);

  project.write(
    program(`{ cidrBlock: "10.0.0.1/16", enableDnsHostnames: true, tags: { Name: "b", More: "1" } }`),
  );
  const [update] = await project.steps();
  t.is(update?.op, "update");
  t.deepEqual(Object.keys(update?.detailedDiff ?? {}).sort(), [
    "enableDnsHostnames",
    "tags.More",
    "tags.Name",
    "tagsAll.More",
    "tagsAll.Name",
  ]);
  const updated = await project.up();
  t.is(updated.code, 0, updated.text);
  t.deepEqual(await project.steps(), []);

  const id = String(outputs["id"]);
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "Name", Value: "foreign" }] }));
  const refreshed = await project.refresh();
  t.is(refreshed.code, 0, refreshed.text);
  t.regex(refreshed.text, /1 updated/);
  t.deepEqual(
    (await project.steps()).map((step) => step.op),
    ["update"],
  );

  project.write(program(`{ cidrBlock: "10.1.0.0/16" }`));
  t.deepEqual(
    (await project.steps()).map((step) => step.op),
    ["replace"],
  );
  const replaced = await project.up();
  t.is(replaced.code, 0, replaced.text);
  const next = String((await project.outputs())["id"]);
  t.not(next, id);

  await project.pulumi("state", "delete", "--yes", (await project.resource("main")).urn);
  project.write(`new aws.ec2.Vpc("main", { cidrBlock: "10.1.0.0/16" }, { import: "${next}" });`);
  const imported = await project.up();
  t.is(imported.code, 0, imported.text);
  t.regex(imported.text, /1 imported/);

  await ec2.send(new DeleteVpcCommand({ VpcId: next }));
  const gone = await project.refresh();
  t.regex(gone.text, /1 deleted/);

  const destroyed = await project.destroy();
  t.is(destroyed.code, 0, destroyed.text);
  const left = await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] })).catch((error: Error) => error.name);
  t.is(left, "InvalidVpcID.NotFound");
});
