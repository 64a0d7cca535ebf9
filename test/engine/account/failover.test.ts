/** The failover command in an account: an installed Pulumi, no tests, no development packages, any project. */
import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { program } from "../lifecycle/_program";
import { World } from "../lifecycle/_world";
import { Account } from "./_account";

let account: Account;
let world: World;
test.before(async () => {
  account = await Account.open();
  world = new World(account.lab);
});
test.after.always(async () => {
  await account.close();
});

const settings = (): string => fs.readFileSync(path.join(account.root, "stacks", "Pulumi.aws.yaml"), "utf8");
const inLab = (...args: string[]) => account.pulumi(account.root, ...args);

test.serial("the checkout has neither tests nor development packages", (t) => {
  t.false(fs.existsSync(path.join(account.root, "test")));
  for (const name of ["esbuild", "ava", "ssh2"])
    t.false(fs.existsSync(path.join(account.root, "node_modules", name)), name);
});

test.serial("the lab's stack: pulumi up, and failovers of all kinds", async (t) => {
  fs.copyFileSync(
    path.join(account.root, "stacks", "templates", "aws.yaml"),
    path.join(account.root, "stacks", "Pulumi.aws.yaml"),
  );
  await inLab("stack", "init", "aws");
  await inLab("up", "--yes", "--skip-preview");
  for (const [service, from, to] of [
    ["overlay", "node1", "node2"],
    ["eni", "node-a", "node-b"],
    ["dns", "node1", "node2"],
  ] as const) {
    const preview = await account.failover(service, to, "--preview", "--json");
    t.is(preview.code, 0, preview.stderr);
    t.like(JSON.parse(preview.stdout), { service, from, to, wouldMove: true });
    const { code, stdout, stderr } = await account.failover(service, to, "--json");
    t.is(code, 0, stderr);
    t.like(JSON.parse(stdout), { service, from, to, moved: true, stack: "aws" });
    t.notRegex(stderr, /npm was called|Installing|Warning/);
    const again = await account.failover(service, to, "--json", "--stack", "aws");
    t.like(JSON.parse(again.stdout), { service, to, moved: false });
  }
  for (const line of ["overlayActive: node2", "eniActive: node-b", "dnsActive: node2"])
    t.true(settings().includes(`failover-lab:${line}\n`), line);
  t.true(settings().startsWith("# Settings of a stack in an AWS account"), "comments stay");
  await inLab("preview", "--expect-no-changes");
  const services = JSON.parse((await inLab("stack", "output", "services", "--json")).stdout) as object;
  t.like(services, { overlay: { active: "node2" }, eni: { active: "node-b" }, dns: { active: "node2" } });
  for (const made of ["scripts", "bundles"])
    t.false(fs.existsSync(path.join(account.root, ".lab", made)), "nothing was bundled");
});

test.serial("a refusal, an unknown service, another folder: each is said, and nothing changes", async (t) => {
  const before = { settings: settings(), owners: await world.owners() };
  const node = await account.failover("overlay", "node9");
  t.not(node.code, 0);
  t.regex(node.stderr, /no node node9; choose one of: node1, node2/);
  const unknown = await account.failover("database", "node1");
  t.regex(unknown.stderr, /Stack aws has no service database; use one of: /);
  const elsewhere = await account.failover("overlay", "node1", "--cwd", account.lab.directory);
  t.regex(elsewhere.stderr, /no Pulumi.yaml: choose the project's folder with --cwd/);
  t.deepEqual({ settings: settings(), owners: await world.owners() }, before);
});

test.serial("a lock of a killed update is cleared, one of another machine is waited for", async (t) => {
  const folder = path.join(account.stateFolder, "locks", "organization", "failover-lab", "aws");
  fs.mkdirSync(folder, { recursive: true });
  const { pid } = spawnSync("true");
  const lock = (owner: object): string => {
    const file = path.join(folder, "0123.json");
    const content = {
      pid,
      username: "me",
      hostname: hostname(),
      timestamp: "2026-01-02T03:04:05Z",
      ...owner,
    };
    fs.writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const foreign = lock({ hostname: "runner-abc" });
  const waited = await account.failover("overlay", "node1", "--wait", "1");
  t.not(waited.code, 0);
  t.regex(waited.stderr, /me@runner-abc \(process \d+, since 2026[^]*pulumi cancel --yes --stack aws/);
  t.true(fs.existsSync(foreign));
  t.is((await world.owners()).overlay, "node2");
  lock({});
  const cleared = await account.failover("overlay", "node1", "--json");
  t.is(cleared.code, 0, cleared.stderr);
  t.regex(cleared.stderr, /me@\S+ \(process \d+, since 2026\S*\), was killed and left its lock/);
  t.is((await world.owners()).overlay, "node1");
  await inLab("up", "--yes", "--skip-preview");
});

test.serial("another project, whose services are nested and have names of their own", async (t) => {
  await inLab("destroy", "--yes", "--skip-preview");
  const chosen = /new (\w+)\(name \+ "(-\w+)"([^]*?)active: wanted\.active\?\.\w+/g;
  const body = program({ names: ["till"], nested: true }).replaceAll(
    chosen,
    'new $1(name + "$2"$3active: config.get("till$2Active")',
  );
  const folder = account.project(
    "shop",
    `const pulumi = require("@pulumi/pulumi"); const config = new pulumi.Config();\n${body}`,
  );
  const there = (...args: string[]) => account.pulumi(folder, ...args);
  await there("stack", "init", "live");
  await there("config", "set", "aws:region", "us-east-1");
  await there("up", "--yes", "--skip-preview");
  for (const [service, node] of [
    ["till-overlay", "node2"],
    ["till-eni", "node-b"],
    ["till-dns", "node2"],
  ] as const) {
    const { code, stderr } = await account.failover(service, node, "--cwd", folder);
    t.is(code, 0, stderr);
  }
  t.deepEqual(await world.owners(), { overlay: "node2", eni: "node-b", dns: "node2" });
  await there("preview", "--expect-no-changes");
  t.regex(fs.readFileSync(path.join(folder, "Pulumi.live.yaml"), "utf8"), /shop:till-overlayActive: node2/);
  t.notRegex((await there("stack", "output", "--json")).stdout, /services/, "and no output that it has not");
});
