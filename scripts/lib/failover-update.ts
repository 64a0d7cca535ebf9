/** The update that moves a service: the one resource of the stack, run by the reduced program. */
import * as path from "node:path";
import { orderVariable, reducedSince } from "../../stacks/failover/order";
import { atLeast } from "../../test/cloud/engine/versions";
import { readEvents, type UpdateResult } from "./events";
import type { StoredService } from "./order";
import { type Outcome, outcomeOf } from "./outcome";
import { type EndedApart, runApart } from "./processes";
import type { Target } from "./target";

export interface Attempt {
  readonly outcome: Outcome;
  readonly ended: EndedApart;
  readonly result: UpdateResult;
  /** What engine and provider gave as reasons, one a line. */
  readonly reasons: readonly string[];
}

export interface UpdateRequest {
  readonly command: "up" | "preview";
  readonly place: Target;
  readonly stored: StoredService;
  readonly configFile: string;
  /** For the stack's history. */
  readonly message: string;
}

export async function attempt({
  command,
  place,
  stored,
  configFile,
  message,
}: UpdateRequest): Promise<Attempt> {
  const { urn, order } = stored;
  const stack = ["--stack", place.stack, "--config-file", configFile];
  const carryOut = command === "up" ? ["--yes", "--skip-preview"] : [];
  // Only this resource: what else may have drifted is no business of a failover, and costs time.
  const args = [command, ...stack, ...carryOut, "--json", "--message", message, "--target", urn];
  const reduced = atLeast(place.engineVersion, reducedSince);
  const ended = await runApart(place.pulumi, args, {
    cwd: reduced ? path.join(place.root, "stacks", "failover") : place.root,
    // A preview's events, too, come one by one, and not as one summary.
    env: {
      ...place.env,
      [orderVariable]: JSON.stringify(order),
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    },
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
