/**
 * The lab as it is passes, and the lab with one mistake is refused by the rule for it and by no other. The program, the
 * engine and the pack are the real ones; the stack is empty, so that ids are unknown, as when a mistake is new.
 */
import test from "ava";
import { rules } from "../../../policy/rules";
import { PreviewLab } from "./_lab";
import { cases } from "./_mutants";

let lab: PreviewLab;
let project: string;
test.before(async () => {
  lab = await PreviewLab.start();
  project = await lab.project("program.ts");
});
test.after.always(async () => {
  await lab.stop();
});

test("the lab as it is has no violation, and one advisory: its zone is to be thrown away", async (t) => {
  const report = await lab.preview(project, "none", lab.config);
  t.is(report.failure, undefined);
  t.true(report.ok);
  t.deepEqual(report.violations, []);
  t.deepEqual(
    report.advisories.map(({ rule, resource }) => ({ rule, resource })),
    [{ rule: "zone-protected", resource: "private-zone" }],
  );
});

test.serial("the pack costs a preview of the lab no more than 0.6 of its time", async (t) => {
  const best = { with: Infinity, without: Infinity };
  // In turns, and the best of each: what else the machine does slows both.
  for (let turn = 0; turn < 4; turn++) {
    best.without = Math.min(best.without, await lab.secondsWithout(project));
    best.with = Math.min(best.with, (await lab.preview(project, "none", lab.config)).seconds);
  }
  t.log(`with the pack ${best.with} s, without ${best.without} s`);
  t.true(best.with / best.without <= 1.6);
});

for (const [mistake, { rule, message }] of Object.entries(cases)) {
  test(`${mistake}: refused by ${rule}`, async (t) => {
    const { ok, violations, advisories, failure } = await lab.preview(project, mistake, lab.config);
    t.is(failure, undefined);
    t.false(ok);
    t.deepEqual([...new Set(violations.map((violation) => violation.rule))], [rule]);
    t.true(
      violations.some((violation) => message.test(violation.message)),
      violations.map((violation) => violation.message).join("\n"),
    );
    t.true(violations.every((violation) => /Remedy: \S/.test(violation.message)));
    t.deepEqual(
      advisories.map((advisory) => advisory.rule),
      ["zone-protected"],
    );
  });
}

test("every rule that refuses has a mutant", (t) => {
  const refusing = rules.filter(({ level }) => level === "mandatory").map(({ name }) => name);
  t.deepEqual([...new Set(Object.values(cases).map(({ rule }) => rule))].sort(), refusing.sort());
});

test("the engine refuses a wrong choice, and names its key", async (t) => {
  const wrong = { "failover-name-ttl": { maxSeconds: "long" } };
  const { ok, failure } = await lab.preview(project, "none", wrong);
  t.false(ok);
  t.regex(failure ?? "", /failover-name-ttl: maxSeconds: .*integer/);
});

test("a misspelt key, which the engine lets pass, is a violation with the right ones", async (t) => {
  const { violations } = await lab.preview(project, "none", { "failover-name-ttl": { maxSecond: 5 } });
  t.deepEqual(
    violations.map(({ rule }) => rule),
    ["failover-name-ttl"],
  );
  t.regex(violations[0]?.message ?? "", /failover-name-ttl\.maxSecond is no key.*use one of: maxSeconds/);
});

test("a rule that may repair does, and the preview passes", async (t) => {
  const config = { "imdsv2-required": "remediate", "required-tags": { tags: ["Lab"] } };
  const report = await lab.preview(project, "IMDSv1", config);
  t.is(report.failure, undefined);
  t.true(report.ok);
  t.deepEqual(report.violations, []);
});
