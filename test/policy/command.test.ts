/** `npm run policy` over a lab that has been built, so that every id is known. */
import test from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import type { PolicyReport } from "../../scripts/lib/policy-preview";
import { TestLab } from "../engine/lab/_lab";

const lab = new TestLab();
test.after.always(async () => {
  await lab.remove();
});

test.serial("without a lab it says how to start one", async (t) => {
  const { code, stderr } = await lab.run("policy", "--stack", lab.stack);
  t.not(code, 0);
  t.regex(stderr, /npm run lab/);
});

test.serial("the lab, when it is built, has no violation; --json says so in one object", async (t) => {
  await lab.succeed("lab");
  const { stdout } = await lab.succeed("policy", "--json");
  const report = JSON.parse(stdout) as PolicyReport;
  t.like(report, { ok: true, stack: lab.stack, violations: [] });
  t.deepEqual(
    report.advisories.map(({ rule }) => rule),
    ["zone-protected"],
  );
});

test.serial("for people it shows the plan, then the counts", async (t) => {
  const { stdout } = await lab.succeed("policy");
  t.regex(stdout, /failover-lab@v\d+\.\d+\.\d+/);
  t.regex(stdout, /0 violations, 1 advisory\. /);
});

test.serial("a stricter configuration refuses, with exit code 1", async (t) => {
  const file = path.join(lab.directory, "strict.json");
  fs.writeFileSync(file, JSON.stringify({ "failover-name-ttl": { maxSeconds: 5 } }));
  const { code, stdout } = await lab.run("policy", "--json", "--config", file);
  t.is(code, 1);
  const { violations } = JSON.parse(stdout) as PolicyReport;
  t.deepEqual(
    violations.map(({ rule, resource }) => ({ rule, resource })),
    [{ rule: "failover-name-ttl", resource: "dns" }],
  );
});

test.serial("a configuration that cannot be used is reported with all of its mistakes", async (t) => {
  const file = path.join(lab.directory, "wrong.json");
  fs.writeFileSync(file, JSON.stringify({ "no-such-rule": "mandatory", "imds-hop-limit": { maxHops: 0 } }));
  const { code, stderr } = await lab.run("policy", "--config", file);
  t.is(code, 1);
  t.regex(stderr, /no-such-rule is no rule/);
  t.regex(stderr, /imds-hop-limit\.maxHops is 0; give a whole number from 1 to 64/);
  t.notRegex(stderr, /\n\s+at /, "no stack trace for a user's mistake");
});
