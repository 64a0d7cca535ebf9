/** The README's table of what the cloud does like AWS names tests that exist, and no test of a rule is missing in it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { PARAMETERS } from "../../cloud/api/parameters";

const README = readFileSync(join(__dirname, "..", "..", "cloud", "api", "README.md"), "utf8");

/** `file: title` of every test in this folder. */
function titles(): string[] {
  const files = readdirSync(__dirname).filter(
    (file) => file.endsWith(".test.ts") && file !== "readme.test.ts",
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(__dirname, file), "utf8");
    const found = text.matchAll(/^(?:test(?:\.serial)?|whereAgentRuns)\(\s*(?:"[\w-]+",\s*)?"([^"]+)"/gm);
    return [...found].map(([, title]) => `${file.replace(".test.ts", "")}: ${title ?? ""}`);
  });
}

const named = [...README.matchAll(/\| ([\w-]+: [^|]+) \|$/gm)].map(([, name]) => name?.trim() ?? "");

test("every test that the table names exists", (t) => {
  t.true(named.length > 50);
  const known = new Set(titles());
  t.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
});

test("every test of the cloud's behaviour is in the table", (t) => {
  const others = /^(gateway|model|python): |^identities: the lab's key/;
  const own = titles().filter((title) => !others.test(title));
  t.deepEqual(
    own.filter((title) => !named.includes(title)),
    [],
  );
});

/** What rows of the table of deviations say is refused: an action and, if it is there at all, parameters of it. */
const REFUSED: readonly [row: string, action: string, ...parameters: string[]][] = [
  [
    "Route 53",
    "route53:ChangeResourceRecordSets",
    ...["AliasTarget.DNSName", "Weight", "Region", "Failover", "MultiValueAnswer", "HealthCheckId"].map(
      (name) => `ChangeBatch.Changes.ResourceRecordSet.${name}`,
    ),
  ],
  [
    "route targets",
    "ec2:CreateRoute",
    ...["VpcPeeringConnectionId", "VpcEndpointId", "DestinationIpv6CidrBlock", "DestinationPrefixListId"],
  ],
  ["DescribeVpcEndpointServices, ListInstanceProfileTags", "ec2:DescribeVpcEndpointServices"],
  ["DescribeVpcEndpointServices, ListInstanceProfileTags", "iam:ListInstanceProfileTags"],
];

test("what the table of deviations says is refused is declared nowhere", (t) => {
  for (const [row, action, ...parameters] of REFUSED) {
    t.regex(README, new RegExp(`^\\| ${row} +\\|.*refused by name`, "m"));
    const declared = PARAMETERS.get(action);
    if (parameters.length === 0) t.is(declared, undefined);
    for (const parameter of parameters) t.false(declared?.has(parameter));
  }
});
