/** `npm run policy`: a preview of the selected stack, judged by the policy pack. */
import * as fs from "node:fs";
import * as path from "node:path";
import { command, type CommandLine, report, UserError } from "./lib/command";
import { madeFiles } from "./lib/policy-build";
import { ensurePack } from "./lib/policy-bundle";
import { configProblems } from "./lib/policy-config";
import { type PolicyReport, previewWithPolicies } from "./lib/policy-preview";
import { projectRoot } from "../test/cloud/lab";
import { checkStackConfig } from "./lib/stack-config";
import { labWorkspace } from "./lib/lab-workspace";
import { installedWorkspace } from "./failover/workspace";

interface Options {
  readonly json?: true;
  readonly config?: string;
  readonly stack?: string;
  readonly build?: true;
}

const line: CommandLine = {
  name: "policy",
  description: "Previews the stack and refuses what breaks a rule of policy/ (list: policy/README.md).",
  examples: [["npm run policy -- --stack aws", "judges the stack aws"]],
  define: (declared) =>
    declared
      .option("--json", "print one JSON object")
      .option("--config <file>", "policy configuration (default: policy/lab.json)")
      .option("--stack <name>", "another stack than the lab's")
      .option("--build", "renew bin/index.js and the tables from the rules, and judge nothing"),
};

command<Options>(line, async (options) => {
  if (options.build) return await build();
  const found = (await labWorkspace(options)) ?? (await installedWorkspace(options));
  const { stack, root, pulumi, env, configFile } = found;
  checkStackConfig(configFile);
  if (await ensurePack(root))
    report("policy/bin/index.js was built anew from policy/: commit it with your change.");
  const config = options.config ?? path.join(root, "policy", "lab.json");
  const problems = configProblems(fs.readFileSync(config, "utf8"));
  if (problems.length > 0) throw new UserError(`${config} cannot be used:\n${problems.join("\n")}`);
  const judged = await previewWithPolicies({
    pulumi,
    root,
    stack,
    env,
    config,
    quiet: options.json === true,
  });
  process.stdout.write(options.json ? `${JSON.stringify(judged)}\n` : summary(judged));
  return judged.ok ? 0 : 1;
});

async function build(): Promise<number> {
  for (const { file, content } of madeFiles(projectRoot())) fs.writeFileSync(file, await content());
  return 0;
}

function summary({ violations, advisories, failure }: PolicyReport): string {
  if (failure !== undefined) return "";
  const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
  const counts = `${count(violations.length, "violation", "violations")}, ${count(advisories.length, "advisory", "advisories")}`;
  return `\nPolicy pack: ${counts}. The rules and their reasons: policy/README.md\n`;
}
