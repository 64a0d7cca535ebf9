/** `npm run -s lab:env`: shell lines that point any client at the running lab. */
import { foreignVariables } from "../test/cloud/lab";
import { command } from "./lib/command";
import { runningLab } from "./lib/running-lab";

const line = {
  name: "lab:env",
  description: "Prints shell lines that point any client at the running lab.",
  examples: [
    ['eval "$(npm run -s lab:env)"', "points pulumi, the AWS CLI, boto3 … of this shell at the lab"],
  ],
} as const;

command(line, async () => {
  const { variables } = await runningLab();
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [
    `unset ${foreignVariables.join(" ")}`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
});
