/** Where a stack is: its project's folder, and the Pulumi and the environment that reach its state and its cloud. */
import * as path from "node:path";
import { UserError } from "../lib/command";
import type { Patience } from "../lib/patience";
import { onPath } from "../lib/on-path";
import { type Ended, runProgram } from "../lib/processes";
import { readProject } from "../lib/project";
import { stackConfigFile } from "../lib/stack-config";

export interface Workspace {
  readonly stack: string;
  /** Folder with the project's `Pulumi.yaml`. */
  readonly root: string;
  /** Name of the project, and namespace of its settings. */
  readonly project: string;
  /** The stack's settings. */
  readonly configFile: string;
  /** The Pulumi CLI. */
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
  /** Version of the Pulumi CLI. */
  readonly engineVersion: Promise<string>;
  /** Names the stack among the commands of this machine. */
  readonly turn: string;
  /** Folder of the log of failovers. */
  readonly logs: string;
  /** The same failover and the Pulumi CLI on this stack, as a person types them. */
  readonly typed: {
    readonly failover: (args: string) => string;
    readonly pulumi: (args: string) => string;
  };
  /**
   * Waits until nobody is at the state, and removes what a killed update has left beside it. Undefined where nothing but
   * the backend itself knows: then its answer to an update is what tells.
   */
  readonly claim?: (bound: Patience, report: (line: string) => void) => Promise<unknown>;
  /** Begins to ask the service of this name, as a client would. Undefined where nobody can be asked. */
  readonly watch?: (service: string) => Promise<Watching | undefined>;
}

export interface Watching {
  /** Ends it at once; or, when a node is named, as soon as that one has answered. */
  readonly end: (node?: string) => Promise<PrintedOutage>;
}

/** An outage in the two forms in which it is printed. */
export interface PrintedOutage {
  readonly json: unknown;
  readonly text: string;
}

/** Full key of the setting that chooses a service's node. */
export const settingOf = ({ project }: Workspace, { key }: { readonly key: string }): string =>
  `${project}:${key}`;

export interface Wanted {
  readonly stack?: string;
  /** Folder of the project; undefined: the checkout. */
  readonly cwd?: string;
}

/** Finds a workspace; undefined: it is none of its own, and the next one is asked. @throws UserError with what to do */
export type FindWorkspace = (wanted: Wanted) => Promise<Workspace | undefined>;

/** Finds the stack in the user's own Pulumi: the named one, or the one that is selected. */
export async function installedWorkspace({ stack, cwd }: Wanted): Promise<Workspace> {
  const root = path.resolve(cwd ?? process.cwd());
  const { name: project } = readProject(root);
  const { env } = process;
  const pulumi = onPath("pulumi");
  if (pulumi === undefined) throw new UserError("No Pulumi CLI is installed (pulumi.com/docs/install).");
  const engineVersion = versionOf(pulumi);
  // It is awaited when an update is due, if one is.
  engineVersion.catch(() => undefined);
  const named = stack ?? env.PULUMI_STACK ?? (await selectedStack(pulumi, root));
  const folder = cwd === undefined ? "" : ` --cwd ${cwd}`;
  return {
    stack: named,
    root,
    project,
    configFile: stackConfigFile(root, named),
    pulumi,
    env,
    engineVersion,
    turn: `${root}:${named}`,
    logs: path.resolve(".lab"),
    typed: {
      failover: (args) => `npm run failover -- ${args} --stack ${named}${folder}`,
      pulumi: (args) => `pulumi ${args} --stack ${named}${folder}`,
    },
  };
}

/** Without a look for a newer version, which it would take from the network. */
function pulumiSays(pulumi: string, args: readonly string[], cwd: string): Promise<Ended> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return runProgram(pulumi, args, { cwd, env, output: "capture" });
}

async function versionOf(pulumi: string): Promise<string> {
  const { code, stdout, stderr } = await pulumiSays(pulumi, ["version"], process.cwd());
  if (code !== 0) throw new UserError(`pulumi version failed:\n${stderr.trim()}`);
  return stdout.trim();
}

async function selectedStack(pulumi: string, root: string): Promise<string> {
  const { code, stdout, stderr } = await pulumiSays(pulumi, ["stack", "--show-name"], root);
  if (code === 0) return stdout.trim();
  throw new UserError(
    `No stack is selected (${stderr.trim()}). Select one (pulumi stack select NAME), or name it: --stack NAME`,
  );
}
