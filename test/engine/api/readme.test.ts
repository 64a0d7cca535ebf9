/** The README's table of what the cloud does like AWS names tests that exist, and no test of a rule is missing in it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";

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
