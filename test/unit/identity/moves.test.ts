/** As whom the moves act, by the real SDK, against an endpoint that only notes who asks. */
import test, { type ExecutionContext } from "ava";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { awsCommand } from "../../../components/failover/core/repair";
import { identityOf } from "../../../components/failover/core/identity";
import { projectRoot } from "../../cloud/lab";

const run = promisify(execFile);

interface Asked {
  /** Access key of each request. */
  readonly keys: string[];
  /** What the call ended with. */
  readonly result: string;
  readonly profile: string | undefined;
}

const profiles = `
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = x
[profile weak]
aws_access_key_id = AKIAWEAK
aws_secret_access_key = x
[profile broken]
credential_process = /bin/false --the-users-own
[profile signed-out]
sso_start_url = https://example.invalid/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = admin
`;

/** Lets the moves look at a VPC, in a process of its own with this environment. */
async function ask(t: ExecutionContext, environment: NodeJS.ProcessEnv, chosen?: string): Promise<Asked> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "identity-"));
  t.teardown(() => {
    fs.rmSync(home, { recursive: true });
  });
  fs.mkdirSync(path.join(home, ".aws"));
  fs.writeFileSync(path.join(home, ".aws", "config"), profiles);
  const keys: string[] = [];
  const server = createServer((request, response) => {
    keys.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "none");
    response.end("<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const code = `
    require("ts-node/register/transpile-only");
    const { awsContext } = require("./components/failover/core/context.ts");
    const context = awsContext(${JSON.stringify(chosen === undefined ? {} : { profile: chosen })});
    context.ec2("us-east-1").then((ec2) => ec2.describeVpcs({}))
      .then(() => "ok", (error) => error.name + ": " + error.message)
      .then((result) => console.log(JSON.stringify({ result, profile: context.profile })));`;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = { PATH: process.env.PATH, HOME: home, AWS_ENDPOINT_URL: url, ...environment };
  const { stdout } = await run(process.execPath, ["-e", code], { cwd: projectRoot(), env });
  return { keys, ...(JSON.parse(stdout) as Pick<Asked, "result" | "profile">) };
}

const strong = { AWS_ACCESS_KEY_ID: "AKIASTRONG", AWS_SECRET_ACCESS_KEY: "x" };

/** The order of the AWS plugin: the stack's profile, the environment's keys, the environment's profile, the default. */
const orders: readonly (readonly [env: NodeJS.ProcessEnv, chosen: string | undefined, key: string])[] = [
  [{ ...strong, AWS_PROFILE: "weak" }, undefined, "AKIASTRONG"],
  [{ ...strong, AWS_DEFAULT_PROFILE: "weak" }, undefined, "AKIASTRONG"],
  [{ ...strong, AWS_PROFILE: "default" }, "weak", "AKIAWEAK"],
  [{ AWS_PROFILE: "weak" }, undefined, "AKIAWEAK"],
  [{ AWS_DEFAULT_PROFILE: "weak" }, undefined, "AKIAWEAK"],
  [{ AWS_PROFILE: "weak", AWS_ACCESS_KEY_ID: "AKIAHALF" }, undefined, "AKIAWEAK"],
  [{ AWS_ACCESS_KEY: "AKIAOLD", AWS_SECRET_KEY: "x", AWS_PROFILE: "weak" }, undefined, "AKIAOLD"],
  [{}, undefined, "AKIADEFAULT"],
  [{}, "default", "AKIADEFAULT"],
];

for (const [env, chosen, key] of orders) {
  const names = Object.entries(env).map(([name, value]) => `${name}=${value ?? ""}`);
  test(`aws:profile ${chosen ?? "unset"} and ${names.join(" ") || "no variable"}: ${key} acts`, async (t) => {
    const { keys, result } = await ask(t, env, chosen);
    t.is(result, "ok");
    t.deepEqual(keys, [key]);
  });
}

const broken: readonly (readonly [profile: string, says: RegExp])[] = [
  ["absent", /no AWS profile absent in .*\.aws\/config.*aws configure list-profiles/],
  ["broken", /AWS profile broken gives no credentials.*credential_process.*\/bin\/false --the-users-own/],
  ["signed-out", /AWS profile signed-out gives no credentials.*aws sso login --profile signed-out/],
];

for (const [profile, says] of broken) {
  for (const way of ["the stack's", "the environment's"] as const) {
    test(`${way} profile ${profile} is named, with what to do, and nobody else acts`, async (t) => {
      const environment = way === "the stack's" ? strong : { AWS_PROFILE: profile };
      const { keys, result } = await ask(t, environment, way === "the stack's" ? profile : undefined);
      t.regex(result, says);
      t.deepEqual(keys, []);
    });
  }
}

test("printed commands carry the same identity", async (t) => {
  const command = (profile: string | undefined): string =>
    awsCommand({ region: "us-east-1", ...(profile === undefined ? {} : { profile }) }, "ec2", "x", []);
  t.is(command((await ask(t, strong, "weak")).profile), "aws ec2 x --region us-east-1 --profile weak");
  t.is(
    command(identityOf(undefined, { AWS_PROFILE: "weak" }).profile),
    "aws ec2 x --region us-east-1 --profile weak",
  );
  // The AWS CLI takes the environment's keys before AWS_PROFILE, and after --profile.
  t.is(
    command(identityOf(undefined, { ...strong, AWS_PROFILE: "weak" }).profile),
    "aws ec2 x --region us-east-1",
  );
});

const web = {
  AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere/token",
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/pipeline",
};

for (const [what, environment] of [
  ["a profile of the environment", { ...web, AWS_PROFILE: "weak" }],
  ["the default profile", web],
] as const)
  test(`a web identity beside ${what} is refused: the plugin would act as another one`, async (t) => {
    const { keys, result } = await ask(t, environment);
    t.deepEqual(keys, []);
    t.regex(result, /would act by AWS_WEB_IDENTITY_TOKEN_FILE, and the moves as profile (weak|default)/);
  });

test("a web identity beside the stack's profile, or beside keys, doesn't count for either", async (t) => {
  t.deepEqual((await ask(t, web, "weak")).keys, ["AKIAWEAK"]);
  t.deepEqual((await ask(t, { ...web, ...strong })).keys, ["AKIASTRONG"]);
});
