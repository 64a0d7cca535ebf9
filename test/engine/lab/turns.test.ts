/** Failovers that are started at once: each waits for the others, and all are carried out. */
import test from "ava";
import fc from "fast-check";
import * as fs from "node:fs";
import * as path from "node:path";
import { lockFolder } from "../../../scripts/lib/locks";
import { TestLab } from "./_lab";
import { agreed, chosen, type ServiceName, serviceFacts } from "./_services";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

const names = Object.keys(serviceFacts) as ServiceName[];
const one = fc
  .record({ service: fc.constantFrom(...names), second: fc.boolean() })
  .map(({ service, second }) => [service, serviceFacts[service].nodes[second ? 1 : 0]] as const);
const together = fc.array(one, { minLength: 2, maxLength: 3 });

/** What nobody may read while failovers queue. */
const enginesLock = /currently locked|pulumi cancel`/;

test.serial("twenty times two or three of any services: all are carried out, in some order", async (t) => {
  for (const commands of fc.sample(together, 20)) {
    const what = commands.map((words) => words.join(" ")).join(", ");
    const ended = await Promise.all(commands.map((words) => lab.run("failover", ...words)));
    for (const { code, stderr } of ended) {
      t.is(code, 0, `${what}:\n${stderr}`);
      t.notRegex(stderr, enginesLock, what);
    }
    for (const service of new Set(commands.map(([name]) => name))) {
      const wanted = commands.filter(([name]) => name === service).map(([, node]) => node as string);
      t.true(wanted.includes(await agreed(lab, service)), what);
    }
  }
  await lab.succeed("pulumi", "preview", "--expect-no-changes");
});

test.serial("a failover and an update of the whole stack wait for each other, both ways", async (t) => {
  const to = chosen(lab, "overlay") === "node2" ? "node1" : "node2";
  const all = [
    lab.run("pulumi", "up", "--yes", "--skip-preview"),
    lab.run("failover", "overlay", to),
    lab.run("lab"),
    lab.run("failover", "dns", to),
    lab.run("pulumi", "config", "set", "serviceTtl", "10"),
  ];
  for (const { code, stdout, stderr } of await Promise.all(all)) {
    t.is(code, 0, stderr);
    t.notRegex(stdout + stderr, enginesLock);
  }
  t.is(await agreed(lab, "overlay"), to);
  t.is(await agreed(lab, "dns"), to);
});

test.serial("whoever waits says for whom and since when", async (t) => {
  const [first, second] = serviceFacts.overlay.nodes;
  const ended = await Promise.all([first, second].map((node) => lab.run("failover", "overlay", node)));
  const told = ended.filter(({ stderr }) =>
    /Waiting for `failover overlay node\d` of \S+ \(process \d+, since \d{4}-/.test(stderr),
  );
  t.is(told.length, 1);
});

/** A lock of the engine that nobody will give up. */
function abandon(): string {
  fs.mkdirSync(lockFolder(lab.lab), { recursive: true });
  const file = path.join(lockFolder(lab.lab), "0123.json");
  const content = { pid: 1, username: "ci", hostname: "runner-abc", timestamp: "2026-01-02T03:04:05Z" };
  fs.writeFileSync(file, JSON.stringify(content));
  return file;
}

test.serial(
  "behind an abandoned lock every command waits, within its bound, and says the way past it",
  async (t) => {
    const config = fs.readFileSync(lab.configFile(), "utf8");
    const file = abandon();
    const bounded = lab.with({ FAILOVER_LAB_WAIT: "1" });
    for (const words of [
      ["failover", "overlay", "node1"],
      ["failover", "dns", "node2"],
      ["lab"],
      ["lab:down"],
      ["pulumi", "up", "--yes", "--skip-preview"],
      ["pulumi", "refresh", "--yes"],
    ] as const) {
      const [command, ...args] = words;
      const { code, stdout, stderr } = await bounded.run(command, ...args);
      t.not(code, 0, command);
      t.regex(
        stderr,
        /ci@runner-abc \(process 1, since 2026-01-02[^]*npm run pulumi -- cancel --yes/,
        command,
      );
      t.notRegex(stdout + stderr, enginesLock);
      t.true(fs.existsSync(file), "nobody's lock is taken away");
    }
    t.is(fs.readFileSync(lab.configFile(), "utf8"), config, "and the choice is what it was");
  },
);

test.serial("what needs no lock does not wait for one", async (t) => {
  const file = abandon();
  await lab.succeed("pulumi", "preview");
  await lab.succeed("pulumi", "stack", "output");
  await lab.succeed("failover", "overlay", "node2", "--preview");
  t.true(fs.existsSync(file));
});

test.serial("the one command that it names gets past it, and waits for nothing itself", async (t) => {
  const file = abandon();
  const waiting = lab.run("failover", "overlay", "node2");
  await lab.with({ FAILOVER_LAB_WAIT: "0" }).succeed("pulumi", "cancel", "--yes");
  t.false(fs.existsSync(file));
  t.is((await waiting).code, 0);
  t.is(await agreed(lab, "overlay"), "node2");
});
