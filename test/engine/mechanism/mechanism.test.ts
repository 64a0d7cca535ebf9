/** Another mechanism is a folder and a line in the list: everything else works for it, as it does for the three. */
import { CreateTagsCommand, DescribeTagsCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import { ACCOUNT_ID, LAB_CREDENTIALS } from "../../cloud/api";
import { projectRoot } from "../../cloud/lab";
import { Account } from "../account/_account";
import { userWith } from "../api/_identities";
import { ownerTagPolicy } from "./owner-tag/policy.plan";

const line = 'export { ownerTag as OwnerTag } from "./owner-tag";\n';

/** Puts the mechanism where mechanisms are. */
function addMechanism(root: string): void {
  const mechanisms = path.join(root, "components", "failover", "mechanisms");
  fs.appendFileSync(path.join(mechanisms, "list.ts"), line);
  const from = path.join(projectRoot(), "test", "engine", "mechanism", "owner-tag");
  fs.mkdirSync(path.join(mechanisms, "owner-tag"));
  for (const name of fs.readdirSync(from)) {
    const text = fs.readFileSync(path.join(from, name), "utf8");
    const moved = text
      .replaceAll('"../../../../components/failover/', '"../../')
      .replaceAll('"../../../../components/', '"../../../');
    fs.writeFileSync(path.join(mechanisms, "owner-tag", name), moved);
  }
}

/** A VPC that says which of two instances owns it. Nobody but SSH gets through to one of them. */
const program = `
const pulumi = require("@pulumi/pulumi");
const ec2 = require("@pulumi/aws/ec2");
const { OwnerTag } = require("./components/failover/mechanisms/owner-tag/component");
const vpc = new ec2.Vpc("vpc", { cidrBlock: "10.9.0.0/16" }, { ignoreChanges: ["tags"] });
const subnet = new ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.9.0.0/24", availabilityZone: "us-east-1a" });
const node = (name, port) => new ec2.Instance(name, { ami: "ami-12c6146b", instanceType: "t3.micro", subnetId: subnet.id,
  vpcSecurityGroupIds: [new ec2.SecurityGroup(name, { vpcId: vpc.id, description: name,
    ingress: [{ protocol: "tcp", fromPort: port, toPort: port, cidrBlocks: ["10.0.0.0/8"] }] }).id] });
const [one, two] = [node("one", 8080), node("two", 22)];
const owner = new OwnerTag("owner", { region: "us-east-1", resourceId: vpc.id, active: new pulumi.Config().get("ownerActive"),
  nodes: { one: { instanceId: one.id }, two: { instanceId: two.id } } });
exports.vpcId = vpc.id;
exports.ids = { one: one.id, two: two.id };
exports.services = { owner: { active: owner.activeNode, candidates: owner.candidates } };
`;

let account: Account;
let folder: string;
test.before(async () => {
  account = await Account.open();
  addMechanism(account.root);
  folder = account.project("owners", program);
});
test.after.always(async () => {
  await account.close();
});

const pulumi = (...args: string[]) => account.pulumi(folder, ...args);
const failover = (...args: string[]) => account.failover("owner", ...args, "--cwd", folder);

interface Outputs {
  readonly vpcId: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly services: { readonly owner: { readonly active?: string } };
}

const outputs = async (): Promise<Outputs> =>
  JSON.parse((await pulumi("stack", "output", "--json")).stdout) as Outputs;

/** The node whose instance the tag names, as AWS says. */
async function owner(): Promise<string | undefined> {
  const { vpcId, ids } = await outputs();
  const { Tags = [] } = await account.lab.ec2().send(
    new DescribeTagsCommand({
      Filters: [
        { Name: "resource-id", Values: [vpcId] },
        { Name: "key", Values: ["Owner"] },
      ],
    }),
  );
  return Object.keys(ids).find((name) => ids[name] === Tags[0]?.Value);
}

test.serial("its component: the first node gets the service", async (t) => {
  await pulumi("stack", "init", "live");
  await pulumi("config", "set", "aws:region", "us-east-1");
  await pulumi("up", "--yes", "--skip-preview");
  t.is(await owner(), "one");
});

test.serial("the failover command: a preview, a move, a repetition", async (t) => {
  t.like(JSON.parse((await failover("two", "--preview", "--json")).stdout), { from: "one", wouldMove: true });
  const { code, stdout, stderr } = await failover("two", "--json");
  t.is(code, 0, stderr);
  t.like(JSON.parse(stdout), { service: "owner", from: "one", to: "two", moved: true });
  t.is(await owner(), "two");
  t.like(JSON.parse((await failover("two", "--json")).stdout), { moved: false });
  t.is((await outputs()).services.owner.active, "two");
  await pulumi("preview", "--expect-no-changes");
});

test.serial("check: what is no node, and a node that is stopped, are refused", async (t) => {
  t.regex((await failover("three")).stderr, /no node three; choose one of: one, two/);
  const { ids } = await outputs();
  await account.lab.ec2().send(new StopInstancesCommand({ InstanceIds: [ids.one ?? ""] }));
  t.regex((await failover("one")).stderr, /\(one\) is stop/);
  t.is(await owner(), "two");
});

test.serial("diff and read: what others changed is shown, and put back", async (t) => {
  const { vpcId, ids } = await outputs();
  const Tags = [{ Key: "Owner", Value: ids.one }];
  await account.lab.ec2().send(new CreateTagsCommand({ Resources: [vpcId], Tags }));
  t.regex((await pulumi("refresh", "--preview-only", "--diff")).stdout, /activeNode[^\n]*"two" => "one"/);
  await pulumi("up", "--yes", "--skip-preview");
  t.is(await owner(), "two");
});

test.serial("the policy pack: a candidate that lets nobody in is a violation", async (t) => {
  const pack = path.join(account.root, "policy");
  // What the pack needs besides, where one is run.
  const sdk = path.join("node_modules", "@pulumi", "policy");
  fs.symlinkSync(path.join(projectRoot(), sdk), path.join(account.root, sdk));
  const { stdout } = await t.throwsAsync(pulumi("preview", "--policy-pack", pack)).then((error) => ({
    stdout: error.message,
  }));
  t.regex(
    stdout,
    /candidates-admit-service[^]*is a candidate whose security groups let clients reach no port/,
  );
});

test.serial("its IAM policy: with exactly these permissions it can be moved", async (t) => {
  const { vpcId } = await outputs();
  const scope = { partition: "aws", region: "us-east-1", accountId: ACCOUNT_ID } as const;
  const { Statement } = ownerTagPolicy({ ...scope, vpcId });
  const config = () => ({
    endpoint: account.lab.cloud.url,
    region: "us-east-1",
    credentials: LAB_CREDENTIALS,
    maxAttempts: 1,
  });
  const user = await userWith({ config }, ...Statement.map((statement) => ({ ...statement })));
  const nobody = await userWith({ config });
  // The stopped node can't have it, so it is taken from a stranger.
  const Tags = [{ Key: "Owner", Value: "i-0123456789abcdef0" }];
  await account.lab.ec2().send(new CreateTagsCommand({ Resources: [vpcId], Tags }));
  t.not((await account.as(nobody).failover("owner", "two", "--cwd", folder)).code, 0);
  const { code, stderr } = await account.as(user).failover("owner", "two", "--cwd", folder);
  t.is(code, 0, stderr);
  t.is(await owner(), "two");
});

test.serial("a destroy takes the service away", async (t) => {
  const { vpcId } = await outputs();
  await pulumi("destroy", "--yes", "--skip-preview");
  const Filters = [{ Name: "resource-id", Values: [vpcId] }];
  const { Tags = [] } = await account.lab.ec2().send(new DescribeTagsCommand({ Filters }));
  t.deepEqual(Tags, []);
});
