/**
 * One failover from the turn to its end. The stack's configuration holds the choice while the update runs, so that after a
 * kill in the middle every later update goes on towards the same node; it is put back only when it is known that nothing
 * has changed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { MoveRecord } from "../../components/failover/mover/journal";
import type { ServiceState } from "../../components/failover/service";
import { report, UserError } from "./command";
import { Failed } from "./failed";
import { attempt, type Attempt } from "./failover-update";
import { claimState, stillLocked } from "./locks";
import { awaitMoves } from "./moves-under-way";
import { readService, type StoredService } from "./order";
import { pastTheLock, type Patience } from "./patience";
import type { Request } from "./request";
import { setStackConfig, stackConfigFile } from "./stack-config";
import type { Target } from "./target";

export interface Done {
  readonly before: Partial<ServiceState>;
  readonly state: ServiceState;
  readonly moved: boolean;
  /** What the user should know although the failover ended well. */
  readonly warnings: readonly string[];
}

/** Has the turn. @throws Failed when the service was not moved, or when that is not known */
export async function conduct(request: Request): Promise<Done> {
  const { stored, first, putBack } = await begin(request);
  const { before } = stored;
  if (first.outcome === "done") return doneBy(first, before);
  if (first.outcome === "unchanged") putBack();
  if (first.outcome !== "unknown" || first.ended.interruptedBy !== undefined)
    throw new Failed(request, stored, [first]);
  report(
    `The update ended without an answer (${first.reasons.join("; ")}): whether ${request.service.name} was moved is ` +
      "looked up by running the same update once more …",
  );
  return await lookAgain(request, stored, first);
}

/** Waits for everyone who may be changing the stack or the service, and reads the service's state then. */
async function settled({ place, service, node }: Request, bound?: Patience): Promise<StoredService> {
  if (place.offline !== undefined) await claimState(place.offline, bound ?? endless, report);
  const stored = await readService(place, service, node);
  const isOurs = ({ kind, id }: MoveRecord): boolean => kind === service.kind && id === stored.id;
  await awaitMoves(place.root, isOurs, report, bound);
  return stored;
}

/** For what has a time limit of its own. */
const endless: Patience = { seconds: Infinity, left: () => Infinity };

interface Begun {
  readonly stored: StoredService;
  readonly first: Attempt;
  readonly putBack: () => void;
}

/** Runs the update, as soon as nobody else's runs. */
async function begin(request: Request): Promise<Begun> {
  const { place, bound } = request;
  let told: string | undefined;
  for (;;) {
    const stored = await settled(request, bound);
    const { first, putBack } = await chooseAndUpdate(request, stored);
    if (first.outcome !== "locked") return { stored, first, putBack };
    // Nothing was begun, and this command may be ended while it waits: the choice is made anew then.
    putBack();
    const owner = ownerOf(first);
    if (first.ended.interruptedBy !== undefined) throw new Failed(request, stored, [first]);
    if (bound.left() <= 0) throw new UserError(stillLocked(owner, bound, cancelOf(place)));
    if (told !== owner)
      report(
        `Another update is running, by ${owner}: waiting for it, at most ${Math.ceil(bound.left() / 1000)} s. ` +
          `If it is known to have ended: ${cancelOf(place)}`,
      );
    told = owner;
    await sleep(Math.min(2000, bound.left()));
  }
}

async function chooseAndUpdate(
  { place, service, node, message }: Request,
  stored: StoredService,
): Promise<{ first: Attempt; putBack: () => void }> {
  const configFile = stackConfigFile(place.root, place.stack);
  const putBack = setStackConfig(configFile, service.key, node);
  try {
    const text = message(stored.before.activeNode);
    return { first: await attempt({ command: "up", place, stored, configFile, message: text }), putBack };
  } catch (error) {
    // Pulumi could not be started at all.
    putBack();
    throw error;
  }
}

/** The file backend names who has the lock; another backend says it in its own words. */
function ownerOf({ ended }: Attempt): string {
  const found = /created by (\S+) \(pid (\d+)\) at (\S+)/.exec(ended.stderr);
  if (found !== null) return `${found[1]} (process ${found[2]}, since ${found[3]})`;
  return `somebody else (${ended.stderr.trim().split("\n")[0] ?? ""})`;
}

const cancelOf = ({ offline, stack }: Target): string =>
  offline === undefined ? `pulumi cancel --stack ${stack} --yes` : pastTheLock;

function doneBy({ result }: Attempt, before: Partial<ServiceState>): Done {
  if (result.state === undefined) throw new Error("an update that is done has a state");
  const { lastMove } = result.state;
  const moved = result.op !== "same" && lastMove?.moved === true;
  return { before, state: result.state, moved, warnings: moved ? (lastMove?.warnings ?? []) : [] };
}

/**
 * The same update again: it completes what is left to do, or finds that everything is done. The state has all that it
 * needs, also when the first update could not write there any more.
 */
async function lookAgain(request: Request, first: StoredService, lost: Attempt): Promise<Done> {
  const { place, service, node, message } = request;
  const stored = await settled(request);
  const configFile = stackConfigFile(place.root, place.stack);
  const text = `${message(first.before.activeNode)} (again, since the end of the first update is not known)`;
  const again = await attempt({ command: "up", place, stored, configFile, message: text });
  if (again.outcome !== "done") throw new Failed(request, stored, [lost, again]);
  const { state, moved, warnings } = doneBy(again, first.before);
  const found = moved
    ? `the second one moved ${service.name} to ${node}`
    : `the second one found ${service.name} on ${node}`;
  const told = `The first update ended without an answer (${lost.reasons.join("; ")}); ${found}.`;
  return {
    before: first.before,
    state,
    moved: moved || first.before.activeNode !== node,
    warnings: [told, ...warnings],
  };
}
