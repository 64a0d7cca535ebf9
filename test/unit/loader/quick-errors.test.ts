import test from "ava";
import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../cloud/lab";

const preload = path.join(projectRoot(), "components", "loader", "quick-errors.cjs");

/** What a Node process with the preload prints of `util.inspect(error, { colors: true })`. */
async function inspected(make: string): Promise<string> {
  const code = `${make}; process.stdout.write(require("util").inspect(error, { colors: true }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-r", preload, "-e", code]);
  return stdout;
}

test("an error with a frame directly in a scope is shown, at once", async (t) => {
  const frame = String.raw`"\n    at f (/x/node_modules/@pulumi/resource.ts:1593:22)"`;
  const text = await inspected(`const error = new Error("the reason"); error.stack += ${frame}`);
  t.regex(text, /the reason[^]*@pulumi\/resource\.ts:1593/);
});

test("so is one that has such an error as its cause", async (t) => {
  const frame = String.raw`"\n    at f (/x/node_modules/@pulumi/resource.ts:1593:22)"`;
  const make = `const cause = new Error("inner"); cause.stack += ${frame}; const error = new Error("outer", { cause })`;
  t.regex(await inspected(make), /outer[^]*inner/);
});

test("other errors and values are shown in colours, as ever", async (t) => {
  t.true((await inspected('const error = { text: "x" }')).includes("\u001b["));
  const scoped = String.raw`"\n    at f (/x/node_modules/@pulumi/pulumi/resource.js:1:1)"`;
  const text = await inspected(`const error = new Error("x"); error.stack += ${scoped}`);
  t.true(text.includes("\u001b["));
});
