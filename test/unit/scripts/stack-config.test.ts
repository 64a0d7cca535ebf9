import test from "ava";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { checkStackConfig, setStackConfig, stackConfigWith } from "../../../scripts/lib/stack-config";

const key = "failover-lab:overlayActive";
const text = "# why\nconfig:\n  aws:region: us-east-1 # where\n  failover-lab:zones: [a, b]\n";

function fileWith(content: string): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "config-")), "Pulumi.s.yaml");
  fs.writeFileSync(file, content);
  return file;
}

const read = (file: string): string => fs.readFileSync(file, "utf8");

test("one key is set; comments and the other keys stay, and it can be put back", (t) => {
  const file = fileWith(text);
  const putBack = setStackConfig(file, key, "node2");
  t.is(read(file), `${text}  ${key}: node2\n`);
  putBack();
  t.is(read(file), text);
});

test("the former value is put back", (t) => {
  const file = fileWith(`${text}  ${key}: node1\n`);
  setStackConfig(file, key, "node2")();
  t.is(read(file), `${text}  ${key}: node1\n`);
});

test("what others have set meanwhile stays when the key is put back", (t) => {
  const file = fileWith(text);
  const putBack = setStackConfig(file, key, "node2");
  fs.appendFileSync(file, "  failover-lab:serviceTtl: 30\n");
  putBack();
  t.is(read(file), `${text}  failover-lab:serviceTtl: 30\n`);
});

test("a key that others have changed meanwhile is theirs", (t) => {
  const file = fileWith(text);
  const putBack = setStackConfig(file, key, "node2");
  fs.writeFileSync(file, `${text}  ${key}: node1\n`);
  putBack();
  t.is(read(file), `${text}  ${key}: node1\n`);
});

test("a copy with another choice leaves the file alone", (t) => {
  const file = fileWith(text);
  t.is(stackConfigWith(file, key, "node2"), `${text}  ${key}: node2\n`);
  t.is(read(file), text);
});

const broken: Readonly<Record<string, readonly [content: string, where: RegExp]>> = {
  "a list that is not closed": ["config:\n  a:b: [x\n  c:d: e\n", /Pulumi\.s\.yaml:\d+:\d+: /],
  "a tab": ["config:\n\taws:region: x\n", /Pulumi\.s\.yaml:2:\d+: /],
  "a key that is there twice": ["config:\n  a:b: 1\n  a:b: 2\n", /Pulumi\.s\.yaml:3:3: /],
  "a text for a map": ["config: hello\n", /Pulumi\.s\.yaml: config has to be a map/],
  "a list for the whole": ["- a\n", /Pulumi\.s\.yaml: The file has to be a map/],
};

for (const [what, [content, where]] of Object.entries(broken))
  test(`a mistake is named with its place, and the file stays as it is: ${what}`, (t) => {
    const file = fileWith(content);
    t.throws(
      () => {
        checkStackConfig(file);
      },
      { message: where },
    );
    t.throws(() => setStackConfig(file, key, "node2"), { message: where });
    t.throws(() => stackConfigWith(file, key, "node2"), { message: where });
    t.is(read(file), content);
  });

test("no file is no mistake", (t) => {
  t.notThrows(() => {
    checkStackConfig(path.join(os.tmpdir(), "no-such-file.yaml"));
  });
});
