/** Every command explains itself, and does nothing else then. */
import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
};

/** A lab of nobody's: what a command would do, it would leave here. */
function run(line: string, ...args: string[]) {
  const directory = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "help-")), "lab");
  const stack = `help-${process.pid}`;
  const [program = "", ...words] = line.split(" ");
  const ended = spawnSync(program, [...words, ...args], {
    encoding: "utf8",
    env: { ...process.env, FAILOVER_LAB_DIR: directory, FAILOVER_LAB_STACK: stack },
    timeout: 60_000,
  });
  return { ...ended, left: [directory, `stacks/Pulumi.${stack}.yaml`].filter((file) => fs.existsSync(file)) };
}

for (const [name, line] of Object.entries(scripts)) {
  for (const flag of ["--help", "-h"])
    test.serial(`npm run ${name} -- ${flag}: says what it does, with an example, and does nothing`, (t) => {
      const { status, stdout, stderr, left } = run(line, flag);
      t.is(status, 0, stderr);
      t.regex(stdout, /^Usage: /m);
      t.regex(stdout, /Examples?:\n {2}\S/);
      t.is(stderr, "", "nothing was begun");
      t.deepEqual(left, []);
    });

  // What these do not know is Pulumi's, or AVA's.
  if (name === "pulumi" || name === "test") continue;
  test.serial(`npm run ${name}: an option that it does not know is an error, and nothing is done`, (t) => {
    const { status, stderr, left } = run(line, "--no-such-option");
    t.is(status, 1);
    t.regex(stderr, /unknown option '--no-such-option'[^]*--help/);
    t.deepEqual(left, []);
  });
}
