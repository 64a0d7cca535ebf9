import test from "ava";
import { type Context, type Definition } from "../../cloud/plugins/frame/definition";
import { compare } from "../../cloud/plugins/frame/diff";
import { type Fields, flag, list, map, number, object, set, text } from "../../cloud/plugins/frame/fields";
import {
  inputsOf,
  keepIgnored,
  plannedCreate,
  plannedUpdate,
  settled,
} from "../../cloud/plugins/frame/state";
import { showPath, UNKNOWN, type Values } from "../../cloud/plugins/frame/values";
import { cidr, policy } from "../../cloud/plugins/aws/normalise";

const fields = {
  name: text({ forceNew: true, computed: true }),
  block: text({ forceNew: true, normalise: cidr }),
  note: text(),
  on: flag({ default: true }),
  size: number({ computed: true }),
  tags: map(),
  groups: set(text()),
  order: list(text()),
  document: text({ normalise: policy }),
  disk: object({ size: number({ computed: true }), key: text({ forceNew: true }) }, { computed: true }),
  addresses: set(object({ subnet: text(), ip: text({ computed: true }) })),
  force: flag({ default: false, local: true }),
};

function definition(more: Partial<Definition<Fields, Context>> = {}): Definition<Fields, Context> {
  return {
    token: "t:m:T",
    inputs: fields,
    outputs: ["arn", "seen"],
    follows: { note: ["seen"] },
    gone: [],
    create: () => Promise.resolve(""),
    read: () => Promise.resolve(undefined),
    delete: () => Promise.resolve(),
    ...more,
  };
}

const of = (
  state: Values,
  news: Values,
  ignored: string[] = [],
  more: Partial<Definition<Fields, Context>> = {},
): string[] =>
  compare(definition(more), state, news, ignored)
    .map((d) => `${d.kind}${d.replace ? "-replace" : ""} ${showPath(d.path)}`)
    .sort();

test("what the program leaves to the cloud is no difference, what it takes away is", (t) => {
  t.deepEqual(of({ name: "x", size: 3, disk: { size: 8 } }, {}), []);
  t.deepEqual(of({ note: "x", tags: { a: "1" } }, {}), ["delete note", "delete tags.a"]);
});

test("unset and the zero value are one, as the official provider's framework has it", (t) => {
  t.deepEqual(of({ note: "", on: false, groups: [], tags: {} }, { on: false }), []);
  t.deepEqual(of({ on: true }, { on: false }), ["update on"]);
});

test("a changed property that forces a new resource says so", (t) => {
  t.deepEqual(of({ block: "10.0.0.0/16" }, { block: "10.1.0.0/16" }), ["update-replace block"]);
  t.deepEqual(of({ disk: { size: 8, key: "a" } }, { disk: { size: 9, key: "b" } }), [
    "update disk.size",
    "update-replace disk.key",
  ]);
});

test("values that mean the same are no difference", (t) => {
  t.deepEqual(of({ block: "10.0.0.0/16" }, { block: "10.0.255.1/16" }), []);
  t.deepEqual(of({ groups: ["a", "b"] }, { groups: ["b", "a"] }), []);
  t.deepEqual(of({ order: ["a", "b"] }, { order: ["b", "a"] }), ["update order[0]", "update order[1]"]);
  const one = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["b","a"],"Resource":"*"}]}';
  const other =
    '{ "Statement": [{"Action": ["a", "b"], "Resource": ["*"], "Effect": "Allow"}], "Version": "2012-10-17" }';
  t.deepEqual(of({ document: one }, { document: other }), []);
  t.deepEqual(of({ document: one }, { document: other.replace("Allow", "Deny") }), ["update document"]);
});

test("an unknown value is a difference, and replaces where the property does", (t) => {
  t.deepEqual(of({ note: "a", block: "10.0.0.0/16" }, { note: UNKNOWN, block: UNKNOWN }), [
    "update note",
    "update-replace block",
  ]);
  t.deepEqual(of({ tags: { a: "1" } }, { tags: { a: UNKNOWN } }), ["update tags.a"]);
  // Nobody knows which element goes, so none is said to.
  t.deepEqual(of({ groups: ["a"] }, { groups: [UNKNOWN] }), ["add groups[0]"]);
});

test("an element of a set that leaves something to the cloud matches what the cloud made of it", (t) => {
  const state = {
    addresses: [
      { subnet: "s1", ip: "10.0.0.5" },
      { subnet: "s1", ip: "10.0.0.9" },
    ],
  };
  t.deepEqual(of(state, { addresses: [{ subnet: "s1" }, { subnet: "s1", ip: "10.0.0.5" }] }), []);
  t.deepEqual(of(state, { addresses: [{ subnet: "s1" }, { subnet: "s2" }] }), [
    "add addresses[1]",
    "delete addresses[1]",
  ]);
});

test("ignored changes are none, at any depth, and an update leaves them as they are", (t) => {
  const state = { note: "a", tags: { a: "1", b: "2" }, disk: { size: 8, key: "k" } };
  const news = { note: "b", tags: { a: "9", b: "9" }, disk: { size: 9, key: "k" } };
  t.deepEqual(of(state, news, ["note", "tags.a", "disk.size"]), ["update tags.b"]);
  t.deepEqual(of({ order: ["a"] }, { order: ["b"] }, ["order[*]"]), []);
  t.deepEqual(keepIgnored(news, state, ["note", "tags.a"]), {
    note: "a",
    tags: { a: "1", b: "9" },
    disk: news.disk,
  });
});

test("a replacement may depend on the values", (t) => {
  const replaces = (property: string, news: Values): boolean => property === "note" && news["note"] === "new";
  t.deepEqual(of({ note: "old" }, { note: "new" }, [], { replaces } as never), ["update-replace note"]);
  t.deepEqual(of({ note: "old" }, { note: "other" }, [], { replaces } as never), ["update note"]);
});

test("a preview of a creation leaves open what the cloud decides, and nothing else", (t) => {
  const planned = plannedCreate(definition(), { note: "n", on: true });
  t.deepEqual(planned, {
    note: "n",
    on: true,
    arn: UNKNOWN,
    seen: UNKNOWN,
    name: UNKNOWN,
    size: UNKNOWN,
    disk: UNKNOWN,
  });
});

test("a preview of an update keeps what stays, and leaves open what follows the change", (t) => {
  const state = { note: "a", on: true, arn: "arn", seen: "by the cloud", size: 3 };
  const news = { note: "b", on: true };
  const planned = plannedUpdate(definition(), state, news, compare(definition(), state, news, []));
  t.deepEqual(
    { ...planned, force: undefined },
    { note: "b", on: true, arn: "arn", seen: UNKNOWN, size: 3, force: undefined },
  );
});

test("the stored state has the program's spelling where it means the same, and the cloud's where it doesn't", (t) => {
  const read = { block: "10.0.0.0/16", note: "foreign", groups: ["a", "b"], disk: { size: 8, key: "k" } };
  const inputs = { block: "10.0.0.1/16", note: "mine", groups: ["b", "a"], disk: { key: "k" }, force: true };
  t.deepEqual(settled(definition(), read, inputs), {
    block: "10.0.0.1/16",
    note: "foreign",
    groups: ["b", "a"],
    disk: { size: 8, key: "k" },
    force: true,
  });
});

test("a refresh gives the program's inputs with what drifted; an import gives all that matters", (t) => {
  const state = { block: "10.0.0.0/16", note: "foreign", size: 3, tags: {}, on: true, force: false };
  t.deepEqual(inputsOf(definition(), state, { block: "10.0.0.1/16", note: "mine" }), {
    block: "10.0.0.1/16",
    note: "foreign",
  });
  t.deepEqual(inputsOf(definition(), state, undefined), {
    block: "10.0.0.0/16",
    note: "foreign",
    size: 3,
    on: true,
    force: false,
  });
});
