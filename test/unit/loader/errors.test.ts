import test from "ava";
import { spawnSync } from "node:child_process";

/** A program's error as Pulumi's runner shows it: made in a callback of the SDK, and inspected with colours. */
const program = `
  const pulumi = require("@pulumi/pulumi");
  const { inspect } = require("node:util");
  pulumi.output(1).apply(() => new pulumi.RunError("wrong setting")).promise().then((error) => {
    console.log(error.stack);
    inspect(error, { colors: true });
  });`;

test("an error of a program that comes through the SDK can be shown with colours", (t) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=400", "-r", "./components/loader/typescript.cjs", "-e", program],
    { encoding: "utf8" },
  );
  t.is(status, 0, stderr);
  t.regex(
    stdout,
    /wrong setting[^]*node_modules.@pulumi.pulumi.\w+\.ts:\d+/,
    "its frames are named as files that are there",
  );
});
