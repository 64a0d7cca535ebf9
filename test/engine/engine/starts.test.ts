/**
 * What the language host can't start, or what ends before it serves, is an error that says what is missing, at once;
 * and whatever is starting is ended by one Ctrl-C. For a program, a policy pack and a plugin alike.
 */
import test, { type ExecutionContext } from "ava";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { processesMarked, untilGone } from "../../cloud/processes";
import { Project } from "./_project";

const kinds = ["program", "policy pack", "plugin"] as const;
type Kind = (typeof kinds)[number];

interface Subject {
  readonly code: string;
  /** File that is named as the entry point. @default index.js */
  readonly main?: string;
  readonly nodeargs?: string;
}

/** Outside of the checkout no package of it is found. */
function outside(t: ExecutionContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "starts-"));
  t.teardown(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A project in which the thing of this kind is as given, and all else is in order. @param folder of the thing */
async function projectWith(
  t: ExecutionContext,
  kind: Kind,
  subject: Subject,
  folder?: string,
): Promise<{ project: Project; args: string[] }> {
  const sound = {
    program: "",
    plugin: 'new (require("@pulumi/pulumi").CustomResource)("mine:a:A", "a", {});',
  };
  const project = await Project.make("starts", {}, {});
  t.teardown(() => {
    project.remove();
  });
  const place = folder ?? path.join(project.folder, "thing");
  const options = { typescript: false, ...(subject.nodeargs ? { nodeargs: subject.nodeargs } : {}) };
  const runtime = { name: "nodejs", options: kind === "program" ? options : { typescript: false } };
  const main = kind === "program" ? place : path.join(project.folder, "program");
  const plugins = kind === "plugin" ? { plugins: { providers: [{ name: "mine", path: place }] } } : {};
  project.write("Pulumi.yaml", stringify({ name: "starts", runtime, main, ...plugins }));
  if (kind !== "program") project.write(path.join(main, "index.js"), kind === "plugin" ? sound.plugin : "");
  const manifest = { name: "thing", version: "1.0.0", main: subject.main ?? "index.js" };
  project.write(path.join(place, "package.json"), JSON.stringify(manifest));
  project.write(path.join(place, "index.js"), subject.code);
  const own = stringify({ name: "mine", version: "1.0.0", runtime: { name: "nodejs", options } });
  if (kind === "policy pack") project.write(path.join(place, "PulumiPolicy.yaml"), own);
  if (kind === "plugin") project.write(path.join(place, "PulumiPlugin.yaml"), own);
  return { project, args: kind === "policy pack" ? ["preview", "--policy-pack", place] : ["preview"] };
}

/** None of these comes to its end. */
const block = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);";
const waits: readonly (readonly [how: string, code: string])[] = [
  ["waits for ever", "setInterval(() => undefined, 1000);"],
  ["is blocked for ever", block],
  ["is deaf to signals", `for (const s of ["SIGINT", "SIGTERM"]) process.on(s, () => undefined); ${block}`],
];

for (const kind of kinds) {
  test.serial(`a ${kind} whose packages are not installed`, async (t) => {
    const { project, args } = await projectWith(t, kind, { code: "" }, outside(t));
    const { code, output } = await project.run(...args);
    t.not(code, 0);
    t.regex(
      output,
      /(@pulumi\/pulumi is not installed|dependencies are not installed)[^]*npm install/,
      output,
    );
  });

  test.serial(`a ${kind} that needs a package that is not there`, async (t) => {
    const { project, args } = await projectWith(t, kind, { code: 'require("not-installed");' });
    const { code, output } = await project.run(...args);
    t.not(code, 0);
    t.regex(output, /Cannot find module 'not-installed'/, output);
  });

  test.serial(`a ${kind} without its entry point`, async (t) => {
    const { project, args } = await projectWith(t, kind, { code: "", main: "absent.js" });
    fs.rmSync(path.join(project.folder, "thing", "index.js"));
    const { code, output } = await project.run(...args);
    t.not(code, 0);
    t.regex(output, /(absent\.js|locate the entry point|Cannot find module)/, output);
  });

  test.serial(`a ${kind} that exits before it is there`, async (t) => {
    const { project, args } = await projectWith(t, kind, { code: "process.exit(3);" });
    const { code, output } = await project.run(...args);
    t.not(code, 0);
    t.regex(output, /exit (status|code):? 3/, output);
  });

  test.serial(`a ${kind} with arguments that Node does not know`, async (t) => {
    const { project, args } = await projectWith(t, kind, { code: "", nodeargs: "--no-such-flag" });
    const { code, output } = await project.run(...args);
    t.not(code, 0);
    t.regex(output, /--no-such-flag/, output);
  });

  test.serial(`a ${kind} that is killed`, async (t) => {
    const { project, args } = await projectWith(t, kind, { code: 'process.kill(process.pid, "SIGKILL");' });
    const { code, output } = await project.run(...args);
    t.not(code, 0);
    t.regex(output, /ended by SIGKILL/, output);
  });

  for (const [how, wait] of waits) {
    test.serial(`Ctrl-C ends a preview whose ${kind} ${how}, and the ${kind}`, async (t) => {
      const started = 'require("fs").writeFileSync(__dirname + "/started", "");';
      const { project, args } = await projectWith(t, kind, { code: started + wait });
      // The engine hears of a Ctrl-C only when a policy pack is there, or has been given up.
      const patience = kind === "policy pack" ? "4" : "60";
      const { child, ended } = project.with({ FAILOVER_PLUGIN_START_SECONDS: patience }).start(...args);
      const mark = path.join(project.folder, "thing", "started");
      while (!fs.existsSync(mark) && child.exitCode === null) await sleep(20);
      t.true(fs.existsSync(mark), `the ${kind} has begun to wait`);
      child.kill("SIGINT");
      const { code } = await ended;
      t.not(code, 0);
      const lab = path.join(project.folder, "lab");
      t.deepEqual(await untilGone(() => processesMarked("FAILOVER_LAB_DIR", lab), 10), []);
    });
  }

  if (kind !== "program") {
    test.serial(`a ${kind} that never serves is given up`, async (t) => {
      const { project, args } = await projectWith(t, kind, { code: "for (;;);" });
      const { code, output } = await project.with({ FAILOVER_PLUGIN_START_SECONDS: "1" }).run(...args);
      t.not(code, 0);
      t.regex(output, /does not serve 1 s after its start[^]*FAILOVER_PLUGIN_START_SECONDS/, output);
    });
  }
}
