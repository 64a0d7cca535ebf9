/** What is written down and said of a failover, and of a lab: who, from where to where, why; and what AWS says. */
import { DetachNetworkInterfaceCommand, DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { hostname, userInfo } from "node:os";
import * as path from "node:path";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

const who = `${userInfo().username}@${hostname()}`;

function entries(): Record<string, unknown>[] {
  const text = fs.readFileSync(path.join(lab.directory, "failovers.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test.serial(
  "a failover says how many places moved, and is in the stack's history and in the log",
  async (t) => {
    const reason = "zone a is lost";
    const { stdout } = await lab.succeed("failover", "overlay", "node2", "--json", "--reason", reason);
    t.like(JSON.parse(stdout), { from: "node1", to: "node2", moved: true, places: { moved: 3, total: 3 } });
    const again = await lab.succeed("failover", "overlay", "node2", "--json");
    t.like(JSON.parse(again.stdout), { moved: false, places: { moved: 0, total: 3 } });
    const history = await lab.succeed("pulumi", "stack", "history", "--json");
    const messages = (JSON.parse(history.stdout) as { message: string }[]).map(({ message }) => message);
    t.true(
      messages.includes(`Failover of overlay from node1 to node2, asked for by ${who}: ${reason}`),
      messages.join("\n"),
    );
    const wanted = { user: who, stack: lab.stack, service: "overlay", from: "node1", to: "node2" };
    t.like(entries()[0], { ...wanted, outcome: "moved", reason });
    t.like(entries()[1], { service: "overlay", to: "node2", outcome: "already there" });
  },
);

test.serial("a refused one is in the log with its reasons, and with no secret", async (t) => {
  const secret = "a-secret-that-somebody-typed-as-a-reason";
  const asked = lab.with({ PULUMI_CONFIG_PASSPHRASE: secret, AWS_SESSION_TOKEN: secret });
  const { code } = await asked.run("failover", "overlay", "node9", "--reason", "why not");
  t.not(code, 0);
  const last = entries().at(-1);
  t.like(last, { service: "overlay", from: "node2", to: "node9", outcome: "refused", reason: "why not" });
  t.regex(JSON.stringify(last?.refusals), /no node node9/);
  t.notRegex(JSON.stringify(entries()), new RegExp(secret));
});

test.serial("the summary of a lab tells what AWS says, and where the state differs", async (t) => {
  const filter = { Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] };
  const { NetworkInterfaces = [] } = await lab.ec2.send(new DescribeNetworkInterfacesCommand(filter));
  t.regex((await lab.succeed("lab")).stdout, /eni +10\.0\.0\.12 +node-a /);
  const AttachmentId = NetworkInterfaces[0]?.Attachment?.AttachmentId;
  await lab.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
  const { stdout } = await lab.succeed("lab");
  const said = /eni +10\.0\.0\.12 +(\S+)/.exec(stdout)?.[1];
  const { NetworkInterfaces: now = [] } = await lab.ec2.send(new DescribeNetworkInterfacesCommand(filter));
  t.is(said === "node-a", now[0]?.Attachment !== undefined, "as AWS has it at the end");
});

test.serial("a reader who goes away does not keep a lab from being built", async (t) => {
  const env = { ...process.env, FAILOVER_LAB_DIR: lab.directory, FAILOVER_LAB_STACK: lab.stack };
  await lab.succeed("pulumi", "config", "set", "serviceTtl", "20");
  const piped = "set -o pipefail; npm run -s lab 2>&1 | head -1";
  const { status } = spawnSync("bash", ["-c", piped], { env, encoding: "utf8", timeout: 120_000 });
  t.is(status, 0);
  await lab.succeed("pulumi", "preview", "--expect-no-changes");
});

test.serial(
  "a mistake in the stack's file is named with file and line, by every command that reads it",
  async (t) => {
    const good = fs.readFileSync(lab.configFile(), "utf8");
    const line = good.split("\n").length;
    fs.writeFileSync(lab.configFile(), `${good}  failover-lab:tags: {a\n`);
    for (const words of [
      ["lab"],
      ["lab:down"],
      ["failover", "overlay", "node1"],
      ["failover", "overlay", "node1", "--preview"],
      ["pulumi", "up", "--yes"],
      ["policy"],
    ] as const) {
      const [command, ...args] = words;
      const { code, stderr } = await lab.run(command, ...args);
      t.not(code, 0, command);
      t.regex(stderr, new RegExp(`Pulumi\\.${lab.stack}\\.yaml:${line}(:|\\d*:)|yaml:${line + 1}:`), command);
    }
    fs.writeFileSync(lab.configFile(), good);
  },
);
