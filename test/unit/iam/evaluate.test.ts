/** The gateway's own decision on permissions, judged by an independent simulator of IAM. */
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import test from "ava";
import fc from "fast-check";
import { evaluate, type Question } from "../../cloud/api/iam/evaluate";
import { trusts } from "../../cloud/api/iam/trust";

const principal = "arn:aws:iam::123456789012:user/ann";

function judged(identity: unknown[], limits: unknown[], question: Question): string {
  return runUnsafeSimulation(
    {
      request: {
        principal,
        action: question.action,
        resource: { resource: question.resource, accountId: "123456789012" },
        contextVariables: question.context as Record<string, string | string[]>,
      },
      identityPolicies: identity.map((policy, i) => ({ name: String(i), policy })),
      ...(limits.length === 0
        ? {}
        : { permissionBoundaryPolicies: limits.map((policy, i) => ({ name: String(i), policy })) }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
}

const table = (id: string): string => `arn:aws:ec2:us-east-1:123456789012:route-table/${id}`;
const actions = ["ec2:ReplaceRoute", "ec2:CreateRoute", "ec2:DeleteRoute"];
const resources = [table("rtb-1"), table("rtb-2"), table("rtb-ann")];
const some = <T>(...values: T[]): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

const singleKeys = ["aws:username", "ec2:ResourceTag/Lab", "aws:RequestTag/x"];
const texts = [
  "ann",
  "bob",
  "a*",
  "?nn",
  "lab",
  "LAB",
  "${aws:username}",
  "x-${aws:username, 'nobody'}",
  "true",
  "7",
];
const operators = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "StringEqualsIfExists",
  "StringNotLikeIfExists",
];
// What an operator without a set says of a key with several values, AWS leaves open.
const setOperators = [
  "ForAllValues:StringEquals",
  "ForAnyValue:StringEquals",
  "ForAllValues:StringLike",
  "ForAnyValue:StringLike",
];

const condition = fc.oneof(
  fc.constant({}),
  fc
    .tuple(
      fc.oneof(
        fc.tuple(fc.constantFrom(...operators), fc.constantFrom(...singleKeys)),
        fc.tuple(fc.constantFrom(...setOperators), fc.constant("aws:TagKeys")),
      ),
      some(...texts),
    )
    .map(([[operator, key], wanted]) => ({ Condition: { [operator]: { [key]: wanted } } })),
  fc
    .tuple(fc.constantFrom(...singleKeys), fc.constantFrom("true", "false"))
    .map(([key, wanted]) => ({ Condition: { Null: { [key]: wanted } } })),
);
const about = fc.oneof(
  some(
    ...resources,
    "*",
    table("*"),
    "arn:aws:ec2:*:*:*",
    "arn:aws:ec2:us-east-1:*:route-table/rtb-?",
    table("rtb-${aws:username}"),
  ).map((Resource) => ({ Resource })),
  some(...resources, table("*")).map((NotResource) => ({ NotResource })),
);
const what = fc.oneof(
  some(...actions, "*", "ec2:*", "ec2:*Route*", "EC2:replaceroute", "ec2:?reateRoute", "s3:*").map(
    (Action) => ({ Action }),
  ),
  some(...actions, "s3:*").map((NotAction) => ({ NotAction })),
);
const statement = fc
  .tuple(fc.constantFrom("Allow", "Allow", "Deny"), what, about, condition)
  .map(([Effect, ...parts]) => ({ Effect, ...Object.assign({}, ...parts) }) as object);
const document = fc
  .tuple(
    fc.constantFrom("2012-10-17", "2012-10-17", "2008-10-17"),
    fc.array(statement, { minLength: 1, maxLength: 3 }),
  )
  .map(([Version, Statement]) => ({ Version, Statement }))
  // The simulator replaces variables in policies of the old version, too, which AWS does not.
  .filter(({ Version, Statement }) => Version === "2012-10-17" || !JSON.stringify(Statement).includes("${"));
const context = fc.record(
  {
    "aws:username": fc.constantFrom("ann", "bob", "a*"),
    "ec2:ResourceTag/Lab": fc.constantFrom("lab", "LAB", "x-ann"),
    "aws:TagKeys": some("ann", "lab", "bob"),
    "aws:RequestTag/x": fc.constantFrom("7", "true"),
  },
  { requiredKeys: [] },
);

test("1,000 random policies are judged as the simulator judges them", (t) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(document, { maxLength: 2 }),
      fc.array(document, { maxLength: 1 }),
      fc.constantFrom(...actions),
      fc.constantFrom(...resources),
      context,
      (identity, limits, action, resource, values) => {
        const question = { action, resource, context: values as Question["context"] };
        const decision = evaluate({ identity, limits }, question);
        seen.add(decision);
        const expected = judged(identity, limits, question);
        if (decision !== expected)
          throw new Error(
            `${decision}, and the simulator says ${expected}: ${JSON.stringify({ identity, limits, question })}`,
          );
      },
    ),
    { numRuns: 1000 },
  );
  t.deepEqual([...seen].sort(), ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"]);
});

const one = (statement: object, Version = "2012-10-17"): object => ({
  Version,
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*", ...statement }],
});
const decide = (policy: object, values: Question["context"] = {}, limits: object[] = []): string =>
  evaluate(
    { identity: [policy], limits },
    { action: actions[0] ?? "", resource: table("rtb-1"), context: values },
  );
const on = (operator: string, key: string, wanted: string | string[]): object =>
  one({ Condition: { [operator]: { [key]: wanted } } });

/** Operator, key, what the policy wants, what the request has, whether it is met. */
const conditions: readonly (readonly [string, string, string | string[], string, boolean])[] = [
  ["NumericLessThan", "s3:max-keys", "10", "9", true],
  ["NumericLessThan", "s3:max-keys", "10", "10", false],
  ["NumericNotEquals", "s3:max-keys", "10", "11", true],
  ["DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true],
  ["DateLessThanEquals", "aws:CurrentTime", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", false],
  ["DateLessThan", "aws:EpochTime", "1767225600", "1767225599", true],
  ["Bool", "aws:SecureTransport", "true", "True", true],
  ["Bool", "aws:SecureTransport", "true", "false", false],
  ["IpAddress", "aws:SourceIp", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", true],
  ["IpAddress", "aws:SourceIp", "10.0.0.0/8", "11.0.0.1", false],
  ["NotIpAddress", "aws:SourceIp", "10.0.0.0/8", "11.0.0.1", true],
  ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/a/b", true],
  ["ArnLike", "aws:PrincipalArn", "arn:aws:*:role/b", "arn:aws:iam::123456789012:role/b", false],
  ["ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/a", "arn:aws:iam::123456789012:role/b", true],
];

for (const [operator, key, wanted, actual, met] of conditions) {
  test(`${operator}: ${actual} and ${String(wanted)}: ${met ? "met" : "not met"}, as the simulator says`, (t) => {
    const policy = on(operator, key, wanted);
    const question = { action: actions[0] ?? "", resource: table("rtb-1"), context: { [key]: actual } };
    const decision = met ? "Allowed" : "ImplicitlyDenied";
    t.is(evaluate({ identity: [policy], limits: [] }, question), decision);
    t.is(judged([policy], [], question), decision);
  });
}

test("variables are none in policies of the old version", (t) => {
  const wanted = { Condition: { StringEquals: { "aws:username": "${aws:username}" } } };
  t.is(decide(one(wanted), { "aws:username": "ann" }), "Allowed");
  t.is(decide(one(wanted, "2008-10-17"), { "aws:username": "ann" }), "ImplicitlyDenied");
});

test("a wildcard in a variable's value is a character like others", (t) => {
  const policy = on("StringLike", "ec2:ResourceTag/Owner", "${aws:username}-*");
  t.is(decide(policy, { "aws:username": "*", "ec2:ResourceTag/Owner": "ann-1" }), "ImplicitlyDenied");
  t.is(decide(policy, { "aws:username": "*", "ec2:ResourceTag/Owner": "*-1" }), "Allowed");
});

test("a permission ends at the narrowest of what limits it; a denial anywhere is one", (t) => {
  const readOnly = one({ Action: "ec2:Describe*" });
  t.is(decide(one({}), {}, [one({})]), "Allowed");
  t.is(decide(one({}), {}, [one({}), readOnly]), "ImplicitlyDenied");
  t.is(decide(one({}), {}, [one({ Effect: "Deny" })]), "ExplicitlyDenied");
});

test("a condition operator that is not known is an error, and no decision", (t) => {
  t.throws(() => decide(on("BinaryEquals", "x:y", "QQ==")), { message: /BinaryEquals/ });
});

test("a role is assumed by whom its trust policy names", (t) => {
  const role = "arn:aws:iam::123456789012:role/node";
  const user = { kind: "user", name: "ann", arn: principal, userId: "AIDA" } as const;
  const trust = (Principal: unknown, more: object = {}): object => ({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal, ...more },
  });
  for (const named of [
    "*",
    { AWS: "*" },
    { AWS: "123456789012" },
    { AWS: [principal, role] },
    { AWS: "arn:aws:iam::123456789012:root" },
  ])
    t.true(trusts(trust(named), role, user), JSON.stringify(named));
  for (const named of [
    { Service: "ec2.amazonaws.com" },
    { AWS: "arn:aws:iam::123456789012:user/bob" },
    { AWS: "210987654321" },
  ])
    t.false(trusts(trust(named), role, user), JSON.stringify(named));
  const elsewhere = {
    Condition: { StringEquals: { "aws:PrincipalArn": "arn:aws:iam::123456789012:user/bob" } },
  };
  t.false(trusts(trust("*", elsewhere), role, user));
  t.throws(() => trusts({ Statement: { Effect: "Allow", NotPrincipal: {} } }, role, user), {
    message: /NotPrincipal/,
  });
});
