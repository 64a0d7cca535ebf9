/** `npm test`: all set-up, then every test that this machine can run. Arguments are AVA's, e.g. files. */
import { spawn } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { letIn } from "../test/cloud/environment";
import { endWithMe } from "../test/cloud/janitor";
import { ownLab } from "../test/cloud/lab";
import { processesMarked, untilGone } from "../test/cloud/processes";
import { setUp } from "../test/cloud/setup";
import { command, type CommandLine, report } from "./lib/command";
import { installPackages } from "./lib/packages";

const line: CommandLine = {
  name: "test",
  description: "Sets everything up, then runs every test that this machine can run. Arguments go to AVA.",
  examples: [["npm test -- test/unit/stacks/settings.test.ts", "runs one file"]],
  define: (declared) => declared.argument("[arguments...]", "AVA's, e.g. files").allowUnknownOption(),
};

command(line, async () => {
  const lab = ownLab();
  const { python } = await setUp(lab, report);
  installPackages(report);
  const started = endWithMe("FAILOVER_TEST_RUN", path.join(lab.root, "test", "cloud"));
  const code = await runTests(lab.root, python.binDir, process.argv.slice(2));
  const left = await untilGone(() => processesMarked("FAILOVER_TEST_RUN", started), 10);
  for (const { pid, command } of left) report(`Left running by the tests: ${pid} ${command}`);
  report(`${left.length} processes of the tests were left running`);
  return left.length > 0 ? 1 : code;
});

/** @param toolsBin where the AWS CLI and shellcheck are, for tests that call them by name */
async function runTests(root: string, toolsBin: string, args: readonly string[]): Promise<number> {
  const env = { ...letIn(process.env), PATH: `${toolsBin}${path.delimiter}${process.env.PATH ?? ""}` };
  const ava = path.join(root, "node_modules", ".bin", "ava");
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(ava, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
    // AVA ends its workers; what they leave is then ended and counted here.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => child.kill(signal));
    createInterface({ input: child.stdout }).on("line", (line) => {
      process.stdout.write(`${line}\n`);
      // AVA's summary leaves out what passed as soon as anything failed.
      if (/^\s*✔ /.test(line)) counts.passed++;
      else if (/^\s*✘ \[fail\]/.test(line)) counts.failed++;
      else if (/^\s*- \[skip\]/.test(line)) counts.skipped++;
    });
    child.once("error", reject);
    child.once("close", (status) => {
      resolve(status ?? 1);
    });
  });
  // In a common form, for machines that read logs.
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return code;
}
