import { AwsError } from "./errors";
import type { Call } from "./call";
import type { Reply } from "./reply";

/** Calls with a client token that were carried out: their repetition gets the same answer and changes nothing. */
export class Idempotency {
  private readonly done = new Map<string, { asked: string; reply: Reply }>();

  /** The answer that was given to the same request. @throws AwsError if the token was used for another request */
  answered(call: Call): Reply | undefined {
    const before = this.done.get(keyOf(call));
    if (before === undefined || call.params.ClientToken === undefined) return undefined;
    if (before.asked === asked(call)) return before.reply;
    throw new AwsError(
      "IdempotentParameterMismatch",
      "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
    );
  }

  note(call: Call, reply: Reply): void {
    if (call.params.ClientToken === undefined || reply.status >= 400) return;
    this.done.set(keyOf(call), { asked: asked(call), reply });
  }
}

function keyOf(call: Call): string {
  return [call.service, call.region, call.action, call.params.ClientToken].join("\n");
}

function asked(call: Call): string {
  return JSON.stringify(Object.entries(call.params).sort());
}
