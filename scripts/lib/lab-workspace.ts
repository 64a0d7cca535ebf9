/** The offline lab's stack as a workspace of the failover command. */
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudStatus } from "../../test/cloud/daemon";
import { onPath } from "./on-path";
import { defaultLab, type Lab, labPaths } from "../../test/cloud/lab";
import type { Wanted, Workspace } from "../failover/workspace";
import { report, UserError } from "./command";
import { claimState } from "./locks";
import { runningLab } from "./running-lab";
import { project } from "./state";

/** Names a lab's stack among the commands of this machine. */
export const labTurn = ({ directory, stack }: Lab): string => `${directory}:${stack}`;

/**
 * Finds the lab's workspace: when its stack is named, or none while it runs. While a lab runs, another stack has to be
 * named: nobody should move a production service by mistake, or believe to have.
 */
export async function labWorkspace({ stack, cwd }: Wanted): Promise<Workspace | undefined> {
  const lab = defaultLab();
  const shells = process.env.PULUMI_STACK;
  const named = stack ?? shells;
  const isLabs = named === lab.stack;
  if (
    cwd === undefined &&
    (isLabs || (stack === undefined && (await cloudStatus(lab)).state !== "stopped"))
  ) {
    if (!isLabs && shells !== undefined)
      report(
        `PULUMI_STACK=${shells} is not looked at while the offline lab runs; to choose it: --stack ${shells}`,
      );
    return await runningWorkspace(lab);
  }
  if (process.env.FAILOVER_LAB_ROOT !== undefined) {
    throw new UserError(
      `This shell is pointed at the offline lab in ${lab.directory} (lab:env): its state and its cloud are not those ` +
        `of ${named === undefined ? "any other stack" : `stack ${named}`}. Nothing was done. Use another shell for it.`,
    );
  }
  if (onPath("pulumi", process.env.PATH ?? "") !== undefined) return undefined;
  throw new UserError(
    named === undefined
      ? "The lab is not running. Start it: npm run lab"
      : `Stack ${named} is not the offline lab's, and no Pulumi CLI is installed (pulumi.com/docs/install).`,
  );
}

async function runningWorkspace(lab: Lab): Promise<Workspace> {
  const { env, engineVersion } = await runningLab(lab);
  return {
    stack: lab.stack,
    root: lab.root,
    project,
    configFile: labPaths(lab).stackConfig,
    pulumi: "pulumi",
    env,
    engineVersion: Promise.resolve(engineVersion),
    turn: labTurn(lab),
    logs: lab.directory,
    typed: {
      failover: (args) => `npm run failover -- ${args}`,
      pulumi: (args) => `npm run pulumi -- ${args}`,
    },
    claim: (bound, tell) => claimState(lab, bound, tell),
    // A lab without packets has nobody to look from, and pays nothing for it.
    ...(fs.existsSync(path.join(lab.directory, "packets"))
      ? { watch: async (service) => (await import("./outage")).watchOutage(lab, service) }
      : {}),
  };
}
