/** The offline stack's state in the file backend. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Lab, labPaths } from "../../test/cloud/lab";
import type { Deployment } from "../failover/state";

/** Name of the lab's Pulumi project. */
export const project = "failover-lab";

export interface StackState {
  readonly exists: boolean;
  readonly resources: number;
  /** Operations whose end the engine has not seen, because it was killed. */
  readonly pending: number;
}

export const stateFile = (lab: Lab): string =>
  path.join(labPaths(lab).state, ".pulumi", "stacks", project, `${lab.stack}.json`);

/** What the file backend has on a lab's stack; undefined when there is no such stack. */
export function deploymentOf(lab: Lab): Deployment | undefined {
  const file = stateFile(lab);
  if (!fs.existsSync(file)) return undefined;
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8")) as {
    checkpoint?: { latest?: Deployment };
  };
  return checkpoint?.latest ?? {};
}

export function stackState(lab: Lab): StackState {
  const deployment = deploymentOf(lab);
  return {
    exists: deployment !== undefined,
    resources: deployment?.resources?.length ?? 0,
    pending: deployment?.pending_operations?.length ?? 0,
  };
}
