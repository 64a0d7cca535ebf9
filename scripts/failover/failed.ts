import { UserError } from "../lib/command";
import type { Attempt } from "./update";
import type { StoredService } from "./stored-service";
import type { Request } from "./request";

/** How a failover ended that did not end well, for people and for the log. */
export type Failure = "refused" | "failed" | "mixed" | "unknown";

/** A failover that did not end well; the message says what is known, and how to go on. */
export class Failed extends UserError {
  readonly failure: Failure;
  readonly from?: string;
  readonly reasons: readonly string[];

  /** @param attempts the updates that were run, the last one decides what is known */
  constructor(request: Request, stored: StoredService, attempts: readonly Attempt[]) {
    const reasons = [...new Set(attempts.flatMap((one) => one.reasons))];
    const last = attempts.at(-1);
    const failure = failureOf(attempts);
    super(messageOf(request, stored, failure, reasons, last), codeOf(last));
    this.failure = failure;
    this.from = stored.before.activeNode;
    this.reasons = reasons;
  }
}

function failureOf(attempts: readonly Attempt[]): Failure {
  const last = attempts.at(-1);
  if (last?.outcome === "mixed") return "mixed";
  if (attempts.some(({ outcome }) => outcome === "unknown")) return "unknown";
  return last?.result.failed === true ? "failed" : "refused";
}

const signals: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

function codeOf(last: Attempt | undefined): number {
  const code = signals[last?.ended.interruptedBy ?? ""] ?? last?.ended.code ?? 1;
  return code === 0 ? 1 : code;
}

function messageOf(
  { workspace, node }: Request,
  { name, key, urn }: StoredService,
  failure: Failure,
  reasons: readonly string[],
  last: Attempt | undefined,
): string {
  const { failover, pulumi } = workspace.typed;
  const signal = last?.ended.interruptedBy;
  const by = signal === undefined ? "" : ` (this command was asked to end by ${signal})`;
  const found = reasons.join("\n");
  if (failure === "refused" || failure === "failed")
    return `${name} was not moved to ${node}${by}:\n${found}`;
  const goOn =
    `The choice stays (${key}: ${node}). To go on: ${failover(`${name} ${node}`)}\n` +
    `To look only: ${pulumi(`refresh --preview-only --diff --target '${urn}'`)}`;
  if (failure === "mixed") return `${name} was not moved to ${node}${by}:\n${found}\n${goOn}`;
  const seen = last?.result.state?.activeNode;
  const known = seen === undefined ? "" : `\nThe update last saw ${name} on ${seen}.`;
  return `Whether ${name} was moved to ${node} is not known${by}:\n${found}${known}\n${goOn}`;
}
