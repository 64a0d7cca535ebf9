/** The offline stack's state in the file backend. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Lab, labPaths } from "../../test/cloud/lab";

/** Name of the Pulumi project. */
export const project = "failover-lab";

/** A resource as the state has it (`apitype.ResourceV3` of the engine), as far as commands read it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** Replaced by another one of the same URN, and still to be deleted. */
  readonly delete?: boolean;
  readonly id?: string;
  readonly parent?: string;
  /** URN and id of the provider, joined by `::`. */
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly replaceWith?: readonly string[];
  readonly aliases?: readonly string[];
  /** Seconds. */
  readonly customTimeouts?: Readonly<Record<"create" | "update" | "delete", number | undefined>>;
  readonly additionalSecretOutputs?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly hideDiff?: readonly unknown[];
}

export interface PendingOperation {
  /** `creating`, `updating`, … */
  readonly type: string;
  readonly resource: StateResource;
}

export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

export interface StackState {
  readonly exists: boolean;
  readonly resources: number;
  /** Operations whose end the engine has not seen, because it was killed. */
  readonly pending: number;
}

/** What the file backend has on a lab's stack; undefined when there is no such stack. */
export function deploymentOf(lab: Lab): Deployment | undefined {
  const file = path.join(labPaths(lab).state, ".pulumi", "stacks", project, `${lab.stack}.json`);
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
