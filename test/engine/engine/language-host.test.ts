import test, { type ExecutionContext } from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alive } from "../../cloud/engine/lock";
import { Project } from "./_project";

const transpiled = { typescript: false, nodeargs: "-r ts-node/register/transpile-only" };

async function project(
  t: ExecutionContext,
  name: string,
  options: object,
  files: Readonly<Record<string, string>>,
): Promise<Project> {
  const made = await Project.make(name, options, files);
  t.teardown(() => {
    made.remove();
  });
  return made;
}

/** A file that the program writes when it has come so far. */
async function appears(file: string): Promise<string> {
  for (;;) {
    if (fs.existsSync(file)) return fs.readFileSync(file, "utf8");
    await sleep(20);
  }
}

test.serial("a program's exception ends the update with its message and a code that is not 0", async (t) => {
  const made = await project(t, "throws", transpiled, { "index.ts": 'throw new Error("the reason");' });
  const { code, output } = await made.update();
  t.not(code, 0);
  t.regex(output, /the reason/);
});

test.serial("a RunError is shown without a stack trace", async (t) => {
  const made = await project(t, "refuses", transpiled, {
    "index.ts": 'import * as pulumi from "@pulumi/pulumi"; throw new pulumi.RunError("first\\nsecond");',
  });
  const { code, output } = await made.update();
  t.not(code, 0);
  t.regex(output, /error: first\n\s*second/);
  t.notRegex(output, /\n\s+at /);
});

test.serial("a program that exits by itself is reported with its exit code", async (t) => {
  const made = await project(t, "exits", transpiled, { "index.ts": "process.exit(3);" });
  const { code, output } = await made.update();
  t.not(code, 0);
  t.regex(output, /non-zero exit code: 3/);
});

test.serial("runtime.options: typescript, tsconfig and nodeargs are honoured", async (t) => {
  const tsconfig = {
    compilerOptions: {
      module: "commonjs",
      target: "es2020",
      strict: true,
      skipLibCheck: true,
      types: ["node"],
    },
  };
  const made = await project(
    t,
    "options",
    { typescript: true, tsconfig: "other.json", nodeargs: "--title 'a title'" },
    {
      "index.ts":
        "export const title: string = process.title;\nexport const config = process.env.PULUMI_NODEJS_TSCONFIG_PATH;",
      "other.json": JSON.stringify(tsconfig),
    },
  );
  const { code, output } = await made.update();
  t.is(code, 0, output);
  const outputs = JSON.parse((await made.run("stack", "output", "--json")).output) as Record<string, string>;
  t.is(outputs.title, "a title");
  t.is(outputs.config, path.join(made.folder, "other.json"));
});

test.serial("a wrong option is said, and does not end the host", async (t) => {
  const made = await project(t, "wrong", { typescript: "maybe" }, { "index.ts": "" });
  const { code, output } = await made.update();
  t.not(code, 0);
  t.regex(output, /runtime\.options\.typescript must be true or false/);
});

/** Waits for ever, and leaves its process id. */
const waiting =
  'require("fs").writeFileSync("pid", String(process.pid)); setInterval(() => undefined, 1000);';

test.serial("Ctrl-C ends the program; the state can be used afterwards", async (t) => {
  const made = await project(t, "waits", transpiled, { "index.ts": waiting });
  const { child, ended } = made.start("up", "--yes", "--skip-preview");
  const pid = Number(await appears(path.join(made.folder, "pid")));
  // The first one asks, the second one insists, as at a keyboard.
  child.kill("SIGINT");
  await sleep(500);
  child.kill("SIGINT");
  const { code } = await ended;
  t.not(code, 0);
  while (alive(pid)) await sleep(20);
  fs.writeFileSync(path.join(made.folder, "index.ts"), "export {};");
  const again = await made.update();
  t.is(again.code, 0, again.output);
});

test.serial("a killed engine takes the program along, and `pulumi cancel` frees the stack", async (t) => {
  const made = await project(t, "killed", transpiled, { "index.ts": waiting });
  const { child, ended } = made.start("up", "--yes", "--skip-preview");
  const pid = Number(await appears(path.join(made.folder, "pid")));
  child.kill("SIGKILL");
  await ended;
  while (alive(pid)) await sleep(20);
  fs.writeFileSync(path.join(made.folder, "index.ts"), "export {};");
  t.regex((await made.update()).output, /currently locked/);
  const cancel = await made.run("cancel", "--yes");
  t.is(cancel.code, 0, cancel.output);
  const again = await made.update();
  t.is(again.code, 0, again.output);
});
