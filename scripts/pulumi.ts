/** `npm run pulumi -- ARGS`: the Pulumi CLI in the lab's environment, with its stack selected. */
import { report, run } from "./lib/command";
import { claimState } from "./lib/locks";
import { patience, pastTheLock, waitVariable } from "./lib/patience";
import { runProgram } from "./lib/processes";
import { isReadOnly } from "./lib/pulumi-commands";
import { runningLab } from "./lib/running-lab";
import { checkStackConfig } from "./lib/stack-config";
import { labTurn } from "./lib/lab-workspace";
import { takeTurn } from "./lib/turn";
import { labPaths } from "../test/cloud/lab";

const help = `Usage: npm run pulumi -- ARGS

Runs the Pulumi CLI in the lab's environment, with its stack selected. What changes the stack or its settings waits for
other updates first, at most ${waitVariable} seconds (default: 600).

Examples:
  npm run pulumi -- preview --diff
      what the next update would change
  ${pastTheLock}
      gives up the lock of an update that will not end any more; waits for nothing
  npm run pulumi -- help up
      Pulumi's own help, here of its command up (while the lab runs)
`;

run(async () => {
  const args = process.argv.slice(2);
  if (args.length === 0 || args[0] === "--help" || args[0] === "-h") {
    process.stdout.write(help);
    return 0;
  }
  const { lab, env } = await runningLab();
  const pulumi = async (): Promise<number> => (await runProgram("pulumi", args, { cwd: lab.root, env })).code;
  if (isReadOnly(args)) return await pulumi();
  const bound = patience();
  const turn = await takeTurn(labTurn(lab), `pulumi ${args.join(" ")}`, bound, report);
  try {
    await claimState(lab, bound, report);
    checkStackConfig(labPaths(lab).stackConfig);
    return await pulumi();
  } finally {
    turn.end();
  }
});
