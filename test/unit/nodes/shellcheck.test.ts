import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SCRIPT_DIR } from "./samples";
import { run, testWith } from "./tools";

const shell = readdirSync(SCRIPT_DIR).filter((name) =>
  /^#!.*\b(ba)?sh$/m.test(readFileSync(join(SCRIPT_DIR, name), "utf8").split("\n")[0] ?? ""),
);

for (const name of shell) {
  testWith("shellcheck")(`shellcheck has nothing to say about ${name}`, async (t) => {
    const { code, stdout } = await run("shellcheck", [join(SCRIPT_DIR, name)]);
    t.is(code, 0, stdout);
  });
}
