/** Nothing that a program can hold makes a rule throw, nor is any rule's own failure hidden behind the guard. */
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { permissionTypes } from "../../../policy/lib/iam";
import { types } from "../../../policy/lib/types";
import { takeFailures } from "../../../policy/lib/unread";
import { rules } from "../../../policy/rules";
import { type Given, given, judge, later } from "../_judge";
import { programs } from "./_programs";

const seed = Number(process.env.FAILOVER_FUZZ_SEED ?? 20_240_917);
const runs = (share: number): number => Math.round(share * Number(process.env.FAILOVER_FUZZ_RUNS ?? 10_000));

const resources = Object.values(programs).flatMap((program) => program.resources);
const textsOf = (...keys: readonly string[]): string[] => [
  ...new Set(
    resources.flatMap(({ props }) =>
      keys.flatMap((key) => (typeof props[key] === "string" ? [props[key]] : [])),
    ),
  ),
];

/** What people wrote, with pieces taken out, doubled, put elsewhere or replaced by noise. */
function mutated(originals: readonly string[]): fc.Arbitrary<string> {
  const noise = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      ..."{}[]();\"'`$\\|<>&\n\r\t:#-=!\0",
      "<<EOF\n",
      "${",
      "$(",
      "{{",
      "{%",
      "*",
      "&a ",
      "*a",
      "--",
      "/*",
      'include "x";',
      "0.0.0.0/0",
    ),
  );
  const cut = fc.record({
    from: fc.nat(),
    length: fc.nat({ max: 40 }),
    text: noise,
    times: fc.nat({ max: 3 }),
  });
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(cut, { minLength: 1, maxLength: 6 }))
    .map(([original, cuts]) =>
      cuts.reduce((text, { from, length, text: piece, times }) => {
        const at = from % (text.length + 1);
        return text.slice(0, at) + piece.repeat(times) + text.slice(at + length);
      }, original),
    );
}

/** Any value in the place of a property's: other types, nothing, what is not known yet. */
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: fc.constant(later) },
  {
    weight: 2,
    arbitrary: fc.anything({ withNullPrototype: false, withBigInt: false, maxDepth: 3 }).map(toJson),
  },
);

/** What can be in a program is what can be in JSON. */
function toJson(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? null : (JSON.parse(text) as unknown);
}

const judging = rules.filter(({ name }) => name !== "input-readable");
const telling = rules.filter((rule) => !judging.includes(rule));

async function judgeAll(some: typeof rules, stack: readonly Given[]): Promise<void> {
  for (const rule of some) {
    await judge(rule, stack, "preview");
    await judge(rule, stack, "update");
  }
}

async function neverThrows(
  t: ExecutionContext,
  inputs: fc.Arbitrary<readonly Given[]>,
  share: number,
): Promise<void> {
  takeFailures();
  await fc.assert(
    fc.asyncProperty(inputs, async (stack) => {
      await judgeAll(judging, stack);
      // The advisory takes what the guard noted: it is asked for before.
      const failures = takeFailures();
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      await judgeAll(telling, stack);
    }),
    { seed, numRuns: runs(share) },
  );
  t.pass();
}

const userData = textsOf("userData", "userDataBase64");
const packed = fc.tuple(mutated(userData), fc.nat(), fc.nat({ max: 255 })).map(([text, at, byte]) => {
  const bytes = gzipSync(text);
  bytes[at % bytes.length] = byte;
  return bytes.toString("base64");
});

const machine = fc
  .tuple(
    fc.constantFrom(types.instance, types.launchTemplate, types.launchConfiguration, types.spotRequest),
    fc.constantFrom("userData", "userDataBase64"),
    fc.oneof(
      { weight: 6, arbitrary: mutated(userData) },
      { weight: 2, arbitrary: packed },
      { weight: 1, arbitrary: anything },
    ),
  )
  .map(([type, key, value]) => [given(type, "n", { [key]: value })]);

const command = mutated(textsOf("userData").filter((text) => text.includes("options"))).map((stdin) => [
  given(types.remoteCommand, "n", { stdin }),
]);

const policy = fc
  .tuple(
    fc.constantFrom(...permissionTypes),
    fc.oneof({ weight: 3, arbitrary: mutated(textsOf("policy")) }, { weight: 1, arbitrary: anything }),
  )
  .map(([type, value]) => [
    given(type, "n", {
      policy: value,
      inlinePolicy: value,
      inlinePolicies: [{ policy: value }],
      policyArn: value,
      policyArns: [value],
      managedPolicyArns: value,
      assumeRolePolicy: value,
    }),
  ]);

/** A whole program, in which some properties are replaced. */
const program = fc
  .tuple(
    fc.constantFrom(...Object.values(programs)),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(),
        fc.oneof(anything, fc.constantFrom("10.0.0.0/33", "::/0", "0/0", "10.0.0.1/32", "arn:", "")),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([{ resources: stack }, edits]) =>
    edits.reduce((changed, [which, key, value]) => {
      const at = which % Math.max(1, changed.length);
      return changed.map((resource, i) => {
        const keys = Object.keys(resource.props);
        const name = keys[key % Math.max(1, keys.length)];
        return i !== at || name === undefined
          ? resource
          : { ...resource, props: { ...resource.props, [name]: value } };
      });
    }, stack),
  );

test("user data", async (t) => {
  await neverThrows(t, machine, 0.5);
});
test("named.conf by a command", async (t) => {
  await neverThrows(t, command, 0.2);
});
test("permissions", async (t) => {
  await neverThrows(t, policy, 0.2);
});
test("programs with routes, zones and groups", async (t) => {
  await neverThrows(t, program, 0.1);
});

test("a rule that does throw is told by an advisory, and the preview goes on", async (t) => {
  const { resourceRule } = await import("../../../policy/lib/rule");
  const broken = resourceRule({
    name: "broken-rule",
    description: "Nothing.",
    why: "nothing",
    level: "mandatory",
    source: "https://example.com",
    types: [types.instance],
    check: () => {
      throw new Error("no such thing");
    },
  });
  const stack = [given(types.instance, "n")];
  t.deepEqual(await judge(broken, stack, "update"), []);
  const readable = rules.find(({ name }) => name === "input-readable");
  if (readable === undefined) throw new Error("no rule tells what was not judged");
  const [said = "", ...more] = await judge(readable, stack, "update");
  t.regex(said, /^Instance n was not judged by broken-rule, .*no such thing.*Remedy: /);
  t.deepEqual(more, []);
  t.deepEqual(await judge(readable, stack, "update"), [], "and once only");
});
