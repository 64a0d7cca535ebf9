import test from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import { readConfig } from "../../policy/lib/config";
import { rules, topics } from "../../policy/rules";
import { madeFiles } from "../../scripts/lib/policy-build";
import { configProblems } from "../../scripts/lib/policy-config";
import { projectRoot } from "../cloud/lab";
import { given, judge, later, repair } from "./_judge";

const root = projectRoot();

for (const [topic, list] of Object.entries(topics)) {
  for (const rule of list) {
    test(`${rule.name} says what has to be, why, where that comes from, and what may be chosen`, (t) => {
      t.regex(rule.name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      t.regex(rule.description, /^[A-Z].*\.$/);
      t.regex(rule.why, /^[a-z`].*[^.]$/i);
      t.true(URL.canParse(rule.source));
      t.true(["mandatory", "advisory"].includes(rule.level), "a repair is never on by itself");
      t.true(fs.existsSync(path.join(root, "policy", "rules", topic, `${rule.name}.ts`)), "one rule a file");
      const schema = rule.policy.configSchema?.properties ?? {};
      t.deepEqual(Object.keys(schema), Object.keys(rule.config));
      for (const [key, choice] of Object.entries(rule.config)) {
        t.true(choice.accepts(choice.default), `${key}: its default`);
        t.deepEqual(schema[key]?.default, choice.default as never);
        t.truthy(schema[key]?.description);
        t.false(choice.accepts({ no: "choice" }), `${key}: an object`);
      }
    });
  }
}

test("names are unique, and every file below rules/ is a rule of the pack", (t) => {
  const names = rules.map((rule) => rule.name);
  t.is(new Set(names).size, names.length);
  const files = Object.keys(topics).flatMap((topic) =>
    fs.readdirSync(path.join(root, "policy", "rules", topic)),
  );
  t.deepEqual(files.map((file) => file.replace(".ts", "")).sort(), names.sort());
});

for (const { file, content } of madeFiles(root)) {
  test(`${path.relative(root, file)} is current: npm run policy -- --build renews it`, async (t) => {
    t.is(fs.readFileSync(file, "utf8"), await content());
  });
}

test("every rule reports a wrong value and an unknown key once, with the key and what to write", async (t) => {
  const instance = given("aws:ec2/instance:Instance", "n");
  for (const rule of rules) {
    const wrong = Object.fromEntries(Object.keys(rule.config).map((key) => [key, "wrong"]));
    const said = await judge(rule, [instance, instance], "update", { ...wrong, typo: 1 });
    t.is(said.length, 1, rule.name);
    for (const key of [...Object.keys(rule.config), "typo"])
      t.true(said[0]?.includes(`${rule.name}.${key}`), said[0]);
    t.regex(said[0] ?? "", /; (give|use one of|remove it)/);
  }
});

test("choices refuse what is out of their range, and take what is in it", (t) => {
  const of = (name: string, given: object): readonly string[] =>
    readConfig(name, rules.find((rule) => rule.name === name)?.config ?? {}, { ...given }).problems;
  t.deepEqual(of("failover-name-ttl", { maxSeconds: 30 }), []);
  t.deepEqual(of("failover-name-ttl", { maxSeconds: 0 }), [
    "failover-name-ttl.maxSeconds is 0; give a whole number from 1 to 86400",
  ]);
  t.is(of("no-world-open-ports", { ports: [70000] }).length, 1);
  t.is(of("required-tags", { tags: [""] }).length, 1);
  t.is(of("root-volume-encrypted", { encryptedByDefault: "yes" }).length, 1);
});

test("a configuration file is checked whole: rules, levels, keys and values", (t) => {
  t.deepEqual(configProblems(fs.readFileSync(path.join(root, "policy", "lab.json"), "utf8")), []);
  t.deepEqual(configProblems('{"all": "advisory", "imds-hop-limit": {"maxHops": 2}}'), []);
  t.regex(configProblems("{").join(), /not JSON/);
  t.regex(configProblems("[]").join(), /not an object/);
  const text =
    '{"no-such-rule": "mandatory", "zone-protected": "off", "failover-name-ttl": {"maxSecond": 5}, "vpc-dns-on": 1}';
  const problems = configProblems(text).join("\n");
  t.regex(problems, /no-such-rule is no rule/);
  t.regex(problems, /zone-protected\.enforcementLevel is "off"; give one of/);
  t.regex(problems, /failover-name-ttl\.maxSecond is no key.*use one of: maxSeconds/);
  t.regex(problems, /vpc-dns-on is 1; give a level/);
});

const type = "aws:ec2/instance:Instance";
const bare = {
  ami: "ami-1",
  metadataOptions: { httpTokens: "optional", httpEndpoint: "enabled" },
  userData: later,
  vpcSecurityGroupIds: ["sg-1", later],
  rootBlockDevice: { volumeSize: 10 },
};

const repaired: Readonly<Record<string, object>> = {
  "imdsv2-required": { metadataOptions: { httpTokens: "required", httpEndpoint: "enabled" } },
  "imds-hop-limit": { metadataOptions: { ...bare.metadataOptions, httpPutResponseHopLimit: 1 } },
  "root-volume-encrypted": { rootBlockDevice: { volumeSize: 10, encrypted: true } },
};

for (const rule of rules.filter(({ fixes }) => fixes)) {
  test(`${rule.name} repairs what it would refuse, touches nothing else, and keeps what is unknown`, async (t) => {
    const fixed = (await repair(rule, type, bare)) ?? {};
    t.deepEqual(fixed, { ...bare, ...repaired[rule.name] });
    t.deepEqual(await judge(rule, [given(type, "n", fixed)], "update"), []);
    t.is(await repair(rule, type, fixed), undefined, "a second time there is nothing to do");
  });
}
