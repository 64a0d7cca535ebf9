/** `npm run -s lab:env`: shell lines that point any client at this checkout's running lab. */
import { misleadingNames } from "../test/cloud/environment";
import * as path from "node:path";
import { defaultLab, labPaths, ownLab, projectRoot } from "../test/cloud/lab";
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
  const root = projectRoot();
  // A shell that another checkout's lab:env was used in is taken over: that is what this command is for.
  const elsewhere = (process.env.FAILOVER_LAB_ROOT ?? root) !== root;
  const { lab, variables: found } = await runningLab(elsewhere ? ownLab(root) : defaultLab(root));
  // A person's `pulumi` waits for its turn.
  const variables: Record<string, string> = {
    ...found,
    PATH: [labPaths(lab).shell, found.PATH ?? ""].join(path.delimiter),
  };
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  // An old one of another name would win over the lab's.
  const unset = misleadingNames(process.env).filter((name) => variables[name] === undefined);
  const lines = [
    ...(unset.length === 0 ? [] : [`unset ${unset.join(" ")}`]),
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
});
