/**
 * One failover from the turn to its end. The stack's configuration holds the choice while the update runs, so that after a
 * kill in the middle every later update goes on towards the same node; it is put back only when it is known that nothing
 * has changed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { MoveRecord } from "../../components/failover/mover/journal";
import type { ServiceState } from "../../components/failover/service";
import { report, UserError } from "../lib/command";
import { awaitMoves } from "../lib/moves-under-way";
import { endless, type Patience, stillLocked } from "../lib/patience";
import { setStackConfig } from "../lib/stack-config";
import { Failed } from "./failed";
import { areLeftBehind, clearLocks, holdersOf, ownerOf } from "./locks";
import type { Request } from "./request";
import { readService, type StoredService } from "./stored-service";
import { attempt, type Attempt, loadProgram } from "./update";
import { settingOf } from "./workspace";

export interface Done {
  /** Name of the service. */
  readonly service: string;
  readonly before: Partial<ServiceState>;
  readonly state: ServiceState;
  readonly moved: boolean;
  /** What the user should know although the failover ended well. */
  readonly warnings: readonly string[];
}

/** Has the turn. @throws Failed when the service was not moved, or when that is not known */
export async function conduct(request: Request): Promise<Done> {
  const { stored, first, putBack } = await begin(request);
  if (first.outcome === "done") return doneBy(first, stored);
  if (first.outcome === "unchanged") putBack();
  if (first.outcome !== "unknown" || first.ended.interruptedBy !== undefined)
    throw new Failed(request, stored, [first]);
  report(
    `The update ended without an answer (${first.reasons.join("; ")}): whether ${stored.name} was moved is ` +
      "looked up by running the same update once more …",
  );
  return await lookAgain(request, stored, first);
}

/** Waits for everyone who may be changing the stack or the service, and reads the service's state then. */
async function settled({ workspace, service, node }: Request, bound?: Patience): Promise<StoredService> {
  await workspace.claim?.(bound ?? endless, report);
  const [stored] = await Promise.all([readService(workspace, service, node), loadProgram()]);
  const isOurs = ({ kind, id }: MoveRecord): boolean => kind === stored.kind && id === stored.id;
  await awaitMoves(process.cwd(), isOurs, report, bound);
  return stored;
}

interface Begun {
  readonly stored: StoredService;
  readonly first: Attempt;
  readonly putBack: () => void;
}

/** Runs the update, as soon as nobody else's runs. */
async function begin(request: Request): Promise<Begun> {
  const { workspace, bound } = request;
  let told: string | undefined;
  for (;;) {
    const stored = await settled(request, bound);
    const { first, putBack } = await chooseAndUpdate(request, stored);
    if (first.outcome !== "locked") return { stored, first, putBack };
    // Nothing was begun, and this command may be ended while it waits: the choice is made anew then.
    putBack();
    const { stderr, interruptedBy } = first.ended;
    if (interruptedBy !== undefined) throw new Failed(request, stored, [first]);
    const owner = ownerOf(stderr);
    if (areLeftBehind(holdersOf(stderr))) {
      report(`An earlier update, by ${owner}, was killed and left its lock: it is stale, and is cleared.`);
      await clearLocks(workspace);
      continue;
    }
    const cancel = workspace.typed.pulumi("cancel --yes");
    if (bound.left() <= 0) throw new UserError(stillLocked(owner, bound, cancel));
    if (told !== owner)
      report(
        `Another update is running, by ${owner}: waiting for it, at most ${Math.ceil(bound.left() / 1000)} s. ` +
          `If it is known to have ended: ${cancel}`,
      );
    told = owner;
    await sleep(Math.min(2000, bound.left()));
  }
}

async function chooseAndUpdate(
  { workspace, node, message }: Request,
  stored: StoredService,
): Promise<{ first: Attempt; putBack: () => void }> {
  const { configFile } = workspace;
  const putBack = setStackConfig(configFile, settingOf(workspace, stored), node);
  try {
    const text = message(stored.before.activeNode);
    return { first: await attempt({ command: "up", workspace, stored, configFile, message: text }), putBack };
  } catch (error) {
    // Pulumi could not be started at all.
    putBack();
    throw error;
  }
}

function doneBy({ result }: Attempt, { name: service, before }: StoredService): Done {
  if (result.state === undefined) throw new Error("an update that is done has a state");
  const { lastMove } = result.state;
  const moved = result.op !== "same" && lastMove?.moved === true;
  return { service, before, state: result.state, moved, warnings: moved ? (lastMove?.warnings ?? []) : [] };
}

/**
 * The same update again: it completes what is left to do, or finds that everything is done. The state has all that it
 * needs, also when the first update could not write there any more.
 */
async function lookAgain(request: Request, first: StoredService, lost: Attempt): Promise<Done> {
  const { workspace, node, message } = request;
  const stored = await settled(request);
  const { name: service } = stored;
  const { configFile } = workspace;
  const text = `${message(first.before.activeNode)} (again, since the end of the first update is not known)`;
  const again = await attempt({ command: "up", workspace, stored, configFile, message: text });
  if (again.outcome !== "done") throw new Failed(request, stored, [lost, again]);
  const { state, moved, warnings } = doneBy(again, first);
  const found = moved
    ? `the second one moved ${service} to ${node}`
    : `the second one found ${service} on ${node}`;
  const told = `The first update ended without an answer (${lost.reasons.join("; ")}); ${found}.`;
  return {
    service,
    before: first.before,
    state,
    moved: moved || first.before.activeNode !== node,
    warnings: [told, ...warnings],
  };
}
