/** `npm run lab:down`: destroys the stack and stops everything that was started. */
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudStatus, stopCloudDaemon } from "../test/cloud/daemon";
import { stopFabric } from "../test/cloud/fabric/daemon";
import { defaultLab, type Lab, labPaths } from "../test/cloud/lab";
import { command, type CommandLine, report, UserError } from "./lib/command";
import { keepSettings, stackSettings } from "./lib/kept-settings";
import { claimState } from "./lib/locks";
import { type Patience, patience } from "./lib/patience";
import { runProgram } from "./lib/processes";
import { adoptPending, isHalfBuilt } from "./lib/pending";
import { disagreement, enter, type RunningLab } from "./lib/running-lab";
import { checkStackConfig } from "./lib/stack-config";
import { stackState } from "./lib/state";
import { strangers } from "./lib/strangers";
import { labTurn } from "./lib/lab-workspace";
import { takeTurn } from "./lib/turn";

const line: CommandLine = {
  name: "lab:down",
  description: "Destroys the lab's stack, and stops everything that was started for it.",
  examples: [
    ["npm run lab:down", "leaves nothing running"],
    ["npm run lab:down -- --force", "the same, also when something that somebody made by hand is in the way"],
  ],
  define: (declared) =>
    declared.option("--force", "destroy nothing one by one: stop the fake AWS with everything in it", false),
};

command<{ force: boolean }>(line, async ({ force }) => {
  const lab = defaultLab();
  const bound = patience();
  const turn = await takeTurn(labTurn(lab), "lab:down", bound, report);
  try {
    return await takeDown(lab, bound, force);
  } finally {
    turn.end();
  }
});

async function takeDown(lab: Lab, bound: Patience, force: boolean): Promise<number> {
  const paths = labPaths(lab);
  const interrupted = force ? false : await claimState(lab, bound, report);
  const settings = stackSettings(lab);
  const status = await cloudStatus(lab);
  if (stackState(lab).resources > 0) {
    const gone = disagreement(lab, status);
    if (force)
      report("Nothing is destroyed one by one: the fake AWS is stopped, and everything in it is gone.");
    else if (isHalfBuilt(lab))
      report(
        "The lab was killed while it was built: what there is of it goes with the fake AWS, which is stopped.",
      );
    else if (gone === undefined && status.state === "running")
      await destroy(enter(lab, status.record.url), interrupted);
    else report("The fake AWS is gone, and the stack's resources with it: only its state is left to remove.");
  }
  await stopFabric(lab.directory);
  const left = await stopCloudDaemon(lab);
  const kept = keepSettings(lab, settings);
  for (const file of [paths.state, paths.builtOn, paths.stackConfig])
    fs.rmSync(file, { recursive: true, force: true });
  if (kept !== undefined)
    report(
      `Your settings are kept in ${kept}. For the next lab to have them: cp ${kept} ${path.relative(lab.root, paths.stackConfig)}`,
    );
  if (left.length > 0) {
    const list = left.map(({ pid, command: line }) => `  ${pid}  ${line}`).join("\n");
    throw new UserError(
      `The lab in ${lab.directory} is down, but these of its processes still run:\n${list}\n` +
        `End them: kill ${left.map(({ pid }) => pid).join(" ")}`,
    );
  }
  report(`The lab is down: nothing of it is left running (${lab.directory}).`);
  return 0;
}

const goOn = "Or give the whole fake AWS up, with everything in it: npm run lab:down -- --force";

async function destroy(running: RunningLab, interrupted: boolean): Promise<void> {
  const { lab, env } = running;
  checkStackConfig(labPaths(lab).stackConfig);
  const refresh = interrupted || stackState(lab).pending > 0 ? ["--refresh"] : [];
  await adoptPending(running);
  const foreign = await strangers(running);
  if (foreign.length > 0)
    throw new UserError(
      "Nothing was destroyed: what is not the stack's own is in the way. Remove it, and run this again:\n" +
        `${foreign.map(({ what, remedy }) => `  ${what}: ${remedy}`).join("\n")}\n` +
        `(In the lab's environment: eval "$(npm run -s lab:env)".) ${goOn}`,
    );
  // The stack goes with its resources, so that nothing is left to be advised.
  const args = ["destroy", "--yes", "--skip-preview", "--remove", ...refresh];
  const { code } = await runProgram("pulumi", args, { cwd: lab.root, env, output: "pass" });
  if (code !== 0)
    throw new UserError(
      `The stack could not be destroyed, see above; the fake AWS still runs. Correct it, and run this again. ${goOn}`,
      code,
    );
}
