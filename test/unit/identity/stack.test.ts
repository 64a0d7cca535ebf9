import test from "ava";
import * as fs from "node:fs";
import { identityProblems } from "../../../stacks/identity";

/** Every key of the plugin's configuration, from its own SDK. */
const keys = [
  ...fs
    .readFileSync(require.resolve("@pulumi/aws/config/vars.d.ts"), "utf8")
    .matchAll(/^export declare const (\w+):/gm),
].map(([, key = ""]) => `aws:${key}`);

/** Keys that say who acts, or where: these must be honoured by all parties, or refused. */
const deciding = [
  ...["accessKey", "secretKey", "token", "assumeRoles", "assumeRoleWithWebIdentity", "sharedConfigFiles"],
  ...[
    "sharedCredentialsFiles",
    "skipMetadataApiCheck",
    "ec2MetadataServiceEndpoint",
    "endpoints",
    "stsRegion",
  ],
  ...[
    "ec2MetadataServiceEndpointMode",
    "useFipsEndpoint",
    "useDualstackEndpoint",
    "insecure",
    "customCaBundle",
  ],
  ...["httpProxy", "httpsProxy", "noProxy"],
].map((key) => `aws:${key}`);

test("the plugin's keys are known", (t) => {
  t.true(keys.length > 30);
  for (const key of deciding) t.true(keys.includes(key), `${key} is a key of the plugin`);
});

for (const key of deciding) {
  test(`${key} is refused by name, with a remedy that is not the removal of an identity alone`, (t) => {
    const [problem, ...others] = identityProblems([key]);
    t.deepEqual(others, []);
    t.is(problem?.key, key);
    t.regex(problem?.remedy ?? "", /aws:profile|in the environment|remove it: (the|certificates)/);
  });
}

test("all other keys are accepted: they decide nothing about who acts, and where", (t) => {
  t.deepEqual(identityProblems(keys.filter((key) => !deciding.includes(key))), []);
});

test("a key that this version of the plugin doesn't have is refused, and all are reported together", (t) => {
  const found = identityProblems(["aws:fromNextYear", "failover-lab:zones", "aws:token", "aws:region"]);
  t.deepEqual(
    found.map(({ key }) => key),
    ["aws:fromNextYear", "aws:token"],
  );
});
