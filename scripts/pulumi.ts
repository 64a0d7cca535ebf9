/** `npm run pulumi -- ARGS`: the Pulumi CLI in the lab's environment, with its stack selected. */
import { report, run } from "./lib/command";
import { runProgram } from "./lib/processes";
import { runningLab } from "./lib/running-lab";
import { claimState } from "./lib/state";

run(async () => {
  const { lab, env } = await runningLab();
  await claimState(lab, report);
  return (await runProgram("pulumi", process.argv.slice(2), { cwd: lab.root, env })).code;
});
