/**
 * What is known of a move after the update that was to carry it out, and so what becomes of the user's choice. Only what
 * is known to have changed nothing lets the choice be put back: a service that AWS is moving meanwhile would be moved back
 * by the next update.
 */
import { AFTERMATH } from "../../components/failover/core/contract";
import type { UpdateResult } from "./events";
import type { EndedApart } from "../lib/processes";

/**
 * - `done`: the service is on the node, and the state says so.
 * - `locked`: the engine did not begin, because another update has the stack.
 * - `unchanged`: refused, or failed and taken back: everything is as it was.
 * - `mixed`: the provider says that the service is neither here nor there.
 * - `unknown`: the answer is missing: the engine, the provider or the program was ended in the middle.
 */
export type Outcome = "done" | "locked" | "unchanged" | "mixed" | "unknown";

/** The backends' words for a stack that another update has, as the SDK knows them (`automation/errors`). */
const lockedWords =
  /the stack is currently locked by|\[409\] Conflict: Another update is currently in progress/i;

export function outcomeOf(ended: EndedApart, result: UpdateResult): Outcome {
  const orderly = ended.killedBy === undefined && (result.concluded || !result.begun);
  if (ended.code === 0 && orderly && result.state !== undefined) return "done";
  if (!result.begun && orderly)
    return lockedWords.test(ended.stderr) || lockedWords.test(ended.stdout) ? "locked" : "unchanged";
  // Before the engine sets out to change the resource, nobody moves anything: it was refused, or not reached.
  if (orderly && (result.planned === undefined || result.planned === "same") && result.op === undefined)
    return "unchanged";
  return orderly && result.failed ? byTheProvider(result) : "unknown";
}

/**
 * How the provider says that it left the service; nothing of it when it was killed or lost its connection. A state comes
 * with a failure only if it is another one than before: the engine would call a resource unfinished whose failure left it as
 * it was. So that one is told by the provider's words.
 */
function byTheProvider({ errors, left }: UpdateResult): Outcome {
  if (left !== undefined) return "mixed";
  const said = (words: string): boolean => errors.some((text) => text.includes(words));
  return said(AFTERMATH.undone) || said(AFTERMATH.unchanged) ? "unchanged" : "unknown";
}
