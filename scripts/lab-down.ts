/** `npm run lab:down`: destroys the stack and stops everything that was started. */
import * as fs from "node:fs";
import { cloudStatus, stopCloudDaemon } from "../test/cloud/daemon";
import { defaultLab, type Lab, labPaths } from "../test/cloud/lab";
import { command, report, UserError } from "./lib/command";
import { claimState } from "./lib/locks";
import { type Patience, patience } from "./lib/patience";
import { runProgram } from "./lib/processes";
import { disagreement, enter } from "./lib/running-lab";
import { stackState } from "./lib/state";
import { turnOf } from "./lib/target";
import { takeTurn } from "./lib/turn";

const line = {
  name: "lab:down",
  description: "Destroys the lab's stack, and stops everything that was started for it.",
  examples: [["npm run lab:down", "leaves nothing running"]],
} as const;

command(line, async () => {
  const lab = defaultLab();
  const bound = patience();
  const turn = await takeTurn(turnOf({ offline: lab, ...lab }), "lab:down", bound, report);
  try {
    return await takeDown(lab, bound);
  } finally {
    turn.end();
  }
});

async function takeDown(lab: Lab, bound: Patience): Promise<number> {
  const paths = labPaths(lab);
  const status = await cloudStatus(lab);
  if (stackState(lab).resources > 0) {
    const gone = disagreement(lab, status);
    if (gone === undefined && status.state === "running") {
      const { env } = enter(lab, status.record.url);
      const interrupted = await claimState(lab, bound, report);
      const args = ["destroy", "--yes", "--skip-preview", ...(interrupted ? ["--refresh"] : [])];
      const { code } = await runProgram("pulumi", args, { cwd: lab.root, env, output: "pass" });
      if (code !== 0)
        throw new UserError("The stack could not be destroyed, see above; the fake AWS still runs.", code);
    } else {
      report("The fake AWS is gone, and the stack's resources with it: only its state is left to remove.");
    }
  }
  const left = await stopCloudDaemon(lab);
  for (const file of [paths.state, paths.builtOn, paths.stackConfig])
    fs.rmSync(file, { recursive: true, force: true });
  if (left.length > 0) {
    const list = left.map(({ pid, command }) => `  ${pid}  ${command}`).join("\n");
    throw new UserError(
      `The lab in ${lab.directory} is down, but these of its processes still run:\n${list}\n` +
        `End them: kill ${left.map(({ pid }) => pid).join(" ")}`,
    );
  }
  report(`The lab is down: nothing of it is left running (${lab.directory}).`);
  return 0;
}
