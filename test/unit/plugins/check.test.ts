import test from "ava";
import {
  atMostOne,
  checkFields,
  checkResource,
  exactlyOne,
  isGenerated,
} from "../../cloud/plugins/frame/check";
import { type Context, type Definition } from "../../cloud/plugins/frame/definition";
import {
  type Fields,
  flag,
  list,
  map,
  number,
  object,
  required,
  text,
} from "../../cloud/plugins/frame/fields";
import {
  decode,
  encode,
  parsePath,
  secretTexts,
  showPath,
  SIGNATURE_KEY,
  UNKNOWN,
} from "../../cloud/plugins/frame/values";

const fields: Fields = {
  id: required(text()),
  kind: text({ values: ["a", "b"] }),
  port: number(),
  on: flag({ default: true }),
  tags: map(),
  rules: list(object({ from: required(number()), to: number() })),
  hidden: { ...text(), internal: true },
};
const check = (given: Record<string, unknown>) => checkFields(fields, given, "t:m:T", "Add it.");
const reasons = (given: Record<string, unknown>): string[] =>
  check(given).problems.map(({ property, reason }) => `${property}: ${reason}`);

test("a property that isn't declared is refused with its path, its type and what to do, at any depth", (t) => {
  t.deepEqual(reasons({ id: "x", other: 1 }), [
    "other: t:m:T: the offline cloud's stand-in doesn't handle the property 'other'. Add it.",
  ]);
  t.deepEqual(reasons({ id: "x", rules: [{ from: 1, odd: 2 }] }).length, 1);
  t.regex(reasons({ id: "x", rules: [{ from: 1, odd: 2 }] })[0] ?? "", /^rules\[0\]\.odd: /);
  t.regex(reasons({ id: "x", hidden: "y" })[0] ?? "", /doesn't handle the property 'hidden'/);
});

test("all problems are reported at once", (t) => {
  t.is(reasons({ kind: "c", port: "x", rules: {} }).length, 4);
});

test("scalars are brought to their kind as the official provider does, and what isn't one is refused", (t) => {
  t.deepEqual(check({ id: 5, port: "8080", on: "false", tags: { a: 1, __defaults: [] } }).inputs, {
    id: "5",
    port: 8080,
    on: false,
    tags: { a: "1" },
  });
  t.is(reasons({ id: "x", on: "maybe" }).length, 1);
});

test("unknown values pass, and defaults fill what is left out", (t) => {
  t.deepEqual(check({ id: UNKNOWN, port: UNKNOWN }), {
    inputs: { id: UNKNOWN, port: UNKNOWN, on: true },
    problems: [],
  });
});

const named = {
  token: "t:m:T",
  inputs: { name: text(), namePrefix: text() },
  autoname: { property: "name", max: 20 },
};
const name = (given: Record<string, unknown>, olds: Record<string, unknown>, seed = 1): unknown =>
  checkResource(
    named as unknown as Definition<Fields, Context>,
    given,
    { name: "web", seed: Buffer.from([seed]), olds },
    "",
  ).inputs["name"];

test("a generated name fits the program's name, stays while it fits, and differs by seed", (t) => {
  const first = String(name({}, {}));
  t.true(isGenerated(first, "web-"), first);
  t.is(name({}, { name: first }, 2), first);
  t.not(name({}, {}, 2), first);
  t.true(isGenerated(String(name({ namePrefix: "p-" }, { name: first })), "p-"));
  t.is(name({ name: "own" }, { name: first }), "own");
  t.is(String(name({ namePrefix: "a-very-long-prefix-indeed-" }, {})).length, 20);
});

test("rules over several properties let unknown values pass", (t) => {
  t.is(exactlyOne({}, ["a", "b"]).length, 1);
  t.is(exactlyOne({ a: "1", b: "2" }, ["a", "b"]).length, 1);
  t.is(exactlyOne({ a: UNKNOWN }, ["a", "b"]).length, 0);
  t.is(atMostOne({ a: "1", b: "2" }, ["a", "b"]).length, 1);
});

const secret = (value: unknown): Record<string, unknown> => ({
  [SIGNATURE_KEY]: "1b47061264138c4ac30d75fd1eb44270",
  value,
});

test("secrets are plain inside and marked again outside, where they were", (t) => {
  const wire = {
    user: "u",
    password: secret("hunter22"),
    nested: { list: [secret({ key: "k3yk3y" })] },
    empty: null,
  };
  const decoded = decode(wire);
  t.deepEqual(decoded.values, { user: "u", password: "hunter22", nested: { list: [{ key: "k3yk3y" }] } });
  t.deepEqual(encode(decoded.values, decoded.secrets), {
    user: "u",
    password: secret("hunter22"),
    nested: { list: [secret({ key: "k3yk3y" })] },
  });
  t.deepEqual(secretTexts(decoded), ["hunter22", "k3yk3y"]);
});

test("every kind of unknown value becomes one", (t) => {
  const wire = {
    a: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    b: { [SIGNATURE_KEY]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
  };
  t.deepEqual(decode(wire).values, { a: UNKNOWN, b: UNKNOWN });
});

test("property paths are written and read as the engine does", (t) => {
  for (const text of ["tags.Name", "ingress[0].fromPort", 'tags["aws:x"]', "a[*].b"])
    t.is(showPath(parsePath(text).map((s) => s)).replace('["*"]', "[*]"), text);
});
