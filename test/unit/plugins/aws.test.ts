import test from "ava";
import { readConfig } from "../../cloud/plugins/aws/config";
import { type AwsContext, partitionOf } from "../../cloud/plugins/aws/context";
import { getPolicyDocument } from "../../cloud/plugins/aws/invokes/iam-policy-document";
import { cidr } from "../../cloud/plugins/aws/normalise";
import { tagChanges, tagState } from "../../cloud/plugins/aws/tags";
import { hashcode } from "../../cloud/plugins/aws/types/ec2/hashcode";
import { fromAws, grouped, keyOf, permissionsOf, toAws } from "../../cloud/plugins/aws/types/ec2/permissions";
import { findRoute, ownRoutes } from "../../cloud/plugins/aws/types/ec2/routes";
import { type Values } from "../../cloud/plugins/frame/values";

const document = async (args: Values): Promise<string> => {
  const result = await getPolicyDocument.run({} as AwsContext, args as never);
  return String(result["minifiedJson"]);
};

test("a policy document is spelt as the official provider spells it", async (t) => {
  const json = await document({
    statements: [
      {
        actions: ["ec2:A", "ec2:B"],
        resources: ["*"],
        principals: [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }],
        conditions: [{ test: "StringEquals", variable: "aws:x", values: ["1"] }],
      },
    ],
  });
  t.is(
    json,
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:B","ec2:A"],"Resource":"*","Principal":{"Service":"ec2.amazonaws.com"},"Condition":{"StringEquals":{"aws:x":"1"}}}]}',
  );
  t.is(
    await document({
      statements: [
        { effect: "Deny", notActions: ["iam:*"], principals: [{ type: "*", identifiers: ["*"] }] },
      ],
    }),
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"iam:*","Principal":"*"}]}',
  );
});

test("policy documents are merged: sources add, overrides replace by Sid, and a Sid twice is an error", async (t) => {
  const other = (sid: string, effect: string): string =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: sid, Effect: effect, Action: "a:b", Resource: "*" }],
    });
  const statements = [{ sid: "one", actions: ["a:b"], resources: ["*"] }];
  t.regex(await document({ statements, sourcePolicyDocuments: [other("two", "Allow")] }), /"two".*"one"/);
  t.regex(
    await document({ statements, overridePolicyDocuments: [other("one", "Deny")] }),
    /"Sid":"one","Effect":"Deny"/,
  );
  const error = await t.throwsAsync(async () =>
    document({ statements, sourcePolicyDocuments: [other("one", "Deny")] }),
  );
  t.regex(error?.message ?? "", /two statements have the Sid one/);
});

test("rules are compared as single permissions, whatever their grouping, order and spelling", (t) => {
  const rule = {
    protocol: "6",
    fromPort: 22,
    toPort: 22,
    cidrBlocks: ["10.0.0.1/8", "192.168.0.0/16"],
    self: true,
  };
  const permissions = permissionsOf(rule, "sg-1");
  t.deepEqual(permissions.map(keyOf), [
    "tcp|22|22|cidr|10.0.0.0/8|",
    "tcp|22|22|cidr|192.168.0.0/16|",
    "tcp|22|22|group|sg-1|",
  ]);
  const found = fromAws([...permissions].reverse().map(toAws));
  t.deepEqual(grouped(found, [rule], "sg-1"), [rule], "what is there as a whole stays as it was written");
  const foreign = fromAws([{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }]);
  const shown = grouped([...found, ...foreign], [rule], "sg-1");
  t.is(shown.length, 2);
  t.like(shown[1], { protocol: "-1", fromPort: 0, cidrBlocks: ["0.0.0.0/0"], self: false });
});

test("a table's own routes are those a person made", (t) => {
  const routes = [
    { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", Origin: "CreateRouteTable" as const },
    { DestinationPrefixListId: "pl-1", GatewayId: "vpce-1", Origin: "CreateRoute" as const },
    {
      DestinationCidrBlock: "192.168.10.1/32",
      NetworkInterfaceId: "eni-1",
      InstanceId: "i-1",
      Origin: "CreateRoute" as const,
    },
  ];
  t.deepEqual(ownRoutes(routes), [{ cidrBlock: "192.168.10.1/32", networkInterfaceId: "eni-1" }]);
  t.is(findRoute(routes, { DestinationCidrBlock: "192.168.10.1/32" })?.InstanceId, "i-1");
});

test("tags of the system and of the provider's defaults don't show as the program's", (t) => {
  const context = {
    defaultTags: { Lab: "x" },
    ignoreTags: { keys: ["Ignored"], keyPrefixes: ["auto-"] },
  } as unknown as AwsContext;
  const found = ["Name=a", "Lab=x", "aws:y=1", "Ignored=1", "auto-z=1"].map((tag) => ({
    Key: tag.split("=")[0],
    Value: tag.split("=")[1],
  }));
  t.deepEqual(tagState(context, found, {}), { tags: { Name: "a" }, tagsAll: { Name: "a", Lab: "x" } });
  t.deepEqual(tagState(context, found, { tags: { Lab: "x" } }).tags, { Name: "a", Lab: "x" });
  t.deepEqual(tagChanges({ a: "1", b: "2" }, { b: "3", c: "4" }), { set: { a: "1", b: "2" }, unset: ["c"] });
});

test("addresses, hashes and partitions", (t) => {
  t.is(cidr("10.1.2.3/8"), "10.0.0.0/8");
  t.is(cidr("192.168.10.1/32"), "192.168.10.1/32");
  t.is(cidr("0.0.0.0/0"), "0.0.0.0/0");
  t.is(cidr("FD00::/8"), "fd00::/8");
  // The well-known check value of CRC-32.
  t.is(hashcode("123456789"), 0xcbf43926);
  t.is(partitionOf("cn-north-1").dnsSuffix, "amazonaws.com.cn");
  t.is(partitionOf("us-gov-west-1").id, "aws-us-gov");
});

const keys = {
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "b",
};

test("configuration comes from the stack, then from the environment, and says what is missing", (t) => {
  const configured = readConfig({ region: "eu-west-1", defaultTags: '{"tags":{"Lab":"x"}}' }, keys);
  t.is(configured.settings.region, "eu-west-1");
  t.deepEqual(configured.defaultTags, { Lab: "x" });
  t.is(
    readConfig({ endpoints: '[{"ec2":"http://127.0.0.1:2"}]' }, { ...keys, AWS_ENDPOINT_URL: undefined })
      .settings.endpoint,
    "http://127.0.0.1:2",
  );
  const cases: [Values, NodeJS.ProcessEnv, RegExp][] = [
    [{}, { ...keys, AWS_REGION: undefined }, /no region\. Set it with/],
    [{}, { ...keys, AWS_ENDPOINT_URL: undefined }, /npm run lab/],
    [{}, { ...keys, AWS_ACCESS_KEY_ID: undefined }, /no credentials/],
    [{ defaultTags: "{" }, keys, /aws:defaultTags isn't JSON/],
  ];
  for (const [config, environment, message] of cases)
    t.throws(() => readConfig(config, environment), { message });
});
