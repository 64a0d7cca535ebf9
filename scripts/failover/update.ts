/** The update that moves a service: the one resource of the stack, run by the reduced program. */
import { readEvents, type UpdateResult } from "./events";
import { reducedSince } from "./order";
import type { StoredService } from "./stored-service";
import { type Outcome, outcomeOf } from "./outcome";
import { type EndedApart, runApart } from "../lib/processes";
import { atLeast } from "../lib/versions";
import type * as Serve from "./serve";
import type { Workspace } from "./workspace";

export interface Attempt {
  readonly outcome: Outcome;
  readonly ended: EndedApart;
  readonly result: UpdateResult;
  /** What engine and provider gave as reasons, one a line. */
  readonly reasons: readonly string[];
}

export interface UpdateRequest {
  readonly command: "up" | "preview";
  readonly workspace: Workspace;
  readonly stored: StoredService;
  readonly configFile: string;
  /** For the stack's history. */
  readonly message: string;
}

/** Loads Pulumi's SDK, which takes a while, so that it is there when an update is due. */
export const loadProgram = (): Promise<typeof Serve> => import("./serve");

export async function attempt(request: UpdateRequest): Promise<Attempt> {
  if (!atLeast(await request.workspace.engineVersion, reducedSince)) return await run(request, []);
  const program = await (await loadProgram()).serveProgram(request.stored.order);
  try {
    return await run(request, [`--client=${program.address}`, "--exec-kind", "auto.inline"]);
  } finally {
    program.close();
  }
}

/** @param program which program the CLI runs; by default the project's own */
async function run(
  { command, workspace, stored: { urn }, configFile, message }: UpdateRequest,
  program: readonly string[],
): Promise<Attempt> {
  const stack = ["--stack", workspace.stack, "--config-file", configFile];
  const carryOut = command === "up" ? ["--yes", "--skip-preview"] : [];
  // Only this resource: what else may have drifted is no business of a failover, and costs time.
  const args = [command, ...stack, ...carryOut, ...program, "--json", "--message", message, "--target", urn];
  const ended = await runApart(workspace.pulumi, args, {
    cwd: workspace.root,
    // A preview's events, too, come one by one, and not as one summary.
    env: { ...workspace.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
  });
  const result = readEvents(ended.stdout, urn);
  const outcome = outcomeOf(ended, result);
  return { outcome, ended, result, reasons: reasonsOf(outcome, ended, result) };
}

function reasonsOf(outcome: Outcome, ended: EndedApart, { errors, begun }: UpdateResult): string[] {
  if (outcome === "done") return [];
  const causes = errors.filter((text) => !/^(update failed|preview failed)$/.test(text));
  if (ended.killedBy !== undefined) causes.push(`Pulumi was ended by ${ended.killedBy}.`);
  if (causes.length > 0) return causes;
  const said = [ended.stderr, begun ? "" : ended.stdout.slice(-2000)].map((text) => text.trim());
  return said.filter((text) => text !== "");
}
