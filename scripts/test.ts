/** `npm test`: all set-up, then every test that this machine can run. Arguments are AVA's, e.g. files. */
import { spawn } from "node:child_process";
import * as path from "node:path";
import { defaultLab } from "../test/cloud/lab";
import { setUp } from "../test/cloud/setup";
import { report, run } from "./lib/command";
import { installPackages } from "./lib/packages";

run(async () => {
  const lab = defaultLab();
  const { python } = await setUp(lab, report);
  installPackages(report);
  return await runTests(lab.root, python.binDir, process.argv.slice(2));
});

/** @param toolsBin where the AWS CLI and shellcheck are, for tests that call them by name */
async function runTests(root: string, toolsBin: string, args: readonly string[]): Promise<number> {
  const env = { ...process.env, PATH: `${toolsBin}${path.delimiter}${process.env.PATH ?? ""}` };
  const ava = path.join(root, "node_modules", ".bin", "ava");
  const output = await new Promise<{ code: number; text: string }>((resolve, reject) => {
    const child = spawn(ava, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (data: string) => {
      process.stdout.write(data);
      text = (text + data).slice(-4000);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code: code ?? 1, text });
    });
  });
  process.stdout.write(`${closingLine(output.text)}\n`);
  return output.code;
}

/** The counts in one line of a common form, for machines that read logs. */
function closingLine(text: string): string {
  const count = (what: RegExp): number => Number(what.exec(text)?.[1] ?? 0);
  const passed = count(/(\d+) tests? passed/);
  const failed = count(/(\d+) (?:tests?|hooks?) failed/) + count(/(\d+) uncaught exceptions?/);
  return `${passed} passed, ${failed} failed, ${count(/(\d+) tests? skipped/)} skipped`;
}
