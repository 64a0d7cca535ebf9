/** Which stack a command works on, and with which Pulumi. */
import { installedEngine } from "../../test/cloud/engine/ensure";
import { cloudStatus } from "../../test/cloud/daemon";
import { defaultLab, type Lab, labPaths } from "../../test/cloud/lab";
import { report, UserError } from "./command";
import { runProgram } from "./processes";
import { runningLab } from "./running-lab";

export interface Target {
  readonly stack: string;
  readonly root: string;
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
  readonly engineVersion: string;
  /** The offline lab, if the stack is its own. */
  readonly offline?: Lab;
}

/** What names the stack among the commands of this machine. */
export const turnOf = ({ offline, root, stack }: Pick<Target, "offline" | "root" | "stack">): string =>
  `${offline?.directory ?? root}:${stack}`;

/**
 * The named stack; or the offline lab's while it runs; or the one that is selected in the user's own Pulumi. While a
 * lab runs, another stack has to be named: nobody should move a production service by mistake, or believe to have.
 */
export async function target(stack?: string): Promise<Target> {
  const lab = defaultLab();
  const shells = process.env.PULUMI_STACK;
  const named = stack ?? shells;
  const offline = named === lab.stack;
  if (offline || (stack === undefined && (await cloudStatus(lab)).state !== "stopped")) {
    if (!offline && shells !== undefined)
      report(
        `PULUMI_STACK=${shells} is not looked at while the offline lab runs; to choose it: --stack ${shells}`,
      );
    const { env, engineVersion } = await runningLab(lab);
    return { stack: lab.stack, root: lab.root, pulumi: "pulumi", env, engineVersion, offline: lab };
  }
  if (process.env.FAILOVER_LAB_ROOT !== undefined) {
    throw new UserError(
      `This shell is pointed at the offline lab in ${lab.directory} (lab:env): its state and its cloud are not those ` +
        `of ${named === undefined ? "any other stack" : `stack ${named}`}. Nothing was done. Use another shell for it.`,
    );
  }
  const engine = await installedEngine([labPaths(lab).bin]);
  if (engine === undefined) {
    throw new UserError(
      named === undefined
        ? "The lab is not running. Start it: npm run lab"
        : `Stack ${named} is not the offline lab's, and no Pulumi CLI is installed (pulumi.com/docs/install).`,
    );
  }
  const env = process.env;
  return {
    stack: named ?? (await selected(engine.pulumi, lab.root, env)),
    root: lab.root,
    pulumi: engine.pulumi,
    env,
    engineVersion: engine.version,
  };
}

async function selected(pulumi: string, root: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await runProgram(pulumi, ["stack", "--show-name"], {
    cwd: root,
    env,
    output: "capture",
  });
  if (code === 0) return stdout.trim();
  throw new UserError(
    `The lab is not running, and no stack is selected (${stderr.trim()}). Start the lab: npm run lab. Or select a ` +
      "stack in an AWS account: pulumi stack select NAME",
  );
}
