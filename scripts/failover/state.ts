/** A stack's state as `pulumi stack export` prints it, as far as commands look at it (`apitype.DeploymentV3`). */
import { runProgram } from "../lib/processes";
import { UserError } from "../lib/command";
import type { Workspace } from "./workspace";

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

/** Name of a URN's resource: its last part, which may itself contain the separator. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/**
 * Asks the stack's backend for its state.
 * @param secrets whether secrets are shown as plain text, else as ciphers
 */
export async function readState(
  { pulumi, stack, root, env }: Workspace,
  { secrets = false }: { secrets?: boolean } = {},
): Promise<Deployment> {
  const args = ["stack", "export", "--stack", stack, ...(secrets ? ["--show-secrets"] : [])];
  const { code, stdout, stderr } = await runProgram(pulumi, args, { cwd: root, env, output: "capture" });
  if (code !== 0) throw new UserError(`The state of stack ${stack} could not be read:\n${stderr.trim()}`);
  return (JSON.parse(stdout) as { deployment?: Deployment }).deployment ?? {};
}
