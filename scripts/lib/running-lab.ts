/** The lab as a command finds it: running, or why not and what to do. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type CloudStatus, cloudStatus } from "../../test/cloud/daemon";
import { defaultLab, type Lab, labEnvironment, labPaths, labVariables } from "../../test/cloud/lab";
import type { SetUp } from "../../test/cloud/setup";
import { UserError } from "./command";
import { stackState } from "./state";

export interface RunningLab {
  readonly lab: Lab;
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly engineVersion: string;
  /** Only what the lab adds to the environment. */
  readonly variables: Record<string, string>;
}

const setupFile = (lab: Lab): string => path.join(lab.directory, "setup.json");

/** What the set-up found, so that other commands need not look again. */
interface Kept {
  readonly pythonBin: string;
  readonly engineVersion: string;
}

export function keepSetUp(lab: Lab, { python, engine }: SetUp): void {
  const kept: Kept = { pythonBin: python.binDir, engineVersion: engine.version };
  fs.writeFileSync(setupFile(lab), JSON.stringify(kept));
}

export function enter(lab: Lab, url: string): RunningLab {
  const { pythonBin, engineVersion } = JSON.parse(fs.readFileSync(setupFile(lab), "utf8")) as Kept;
  const variables = labVariables(lab, url, pythonBin);
  return { lab, url, env: labEnvironment(lab, url, pythonBin), engineVersion, variables };
}

export function builtOn(lab: Lab): string | undefined {
  const file = labPaths(lab).builtOn;
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

const anew = "Start anew: npm run lab:down, then npm run lab.";

/**
 * The state describes resources in one particular fake cloud, which keeps them in memory only. When that one is gone,
 * state and cloud disagree about everything.
 * @returns what is wrong, or undefined
 */
export function disagreement(lab: Lab, status: CloudStatus): string | undefined {
  if (stackState(lab).resources === 0) return undefined;
  if (status.state === "died") {
    return `The fake AWS of this lab has died (${status.reason}), and with it everything in it. ${anew}`;
  }
  if (status.state === "stopped") {
    return `The fake AWS of this lab was stopped, and with it went everything in it. ${anew}`;
  }
  if (status.record.cloudId !== builtOn(lab)) {
    return `The stack was built in another fake AWS than the one that runs now, and its resources are gone. ${anew}`;
  }
  return undefined;
}

/** @throws UserError when there is no lab to work in */
export async function runningLab(lab = defaultLab()): Promise<RunningLab> {
  const status = await cloudStatus(lab);
  const wrong = disagreement(lab, status);
  if (wrong !== undefined) throw new UserError(wrong);
  if (status.state !== "running") throw new UserError("The lab is not running. Start it: npm run lab");
  return enter(lab, status.record.url);
}
