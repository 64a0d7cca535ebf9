/** The engine's events, as `pulumi up --json` prints them, one JSON object a line. */
import type { ServiceState } from "../../components/failover/service";

interface EngineEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
  readonly resOutputsEvent?: {
    readonly metadata: {
      readonly op: string;
      readonly urn: string;
      readonly new?: { readonly outputs?: unknown };
    };
  };
}

export interface UpdateResult {
  /** Outputs of the resource after the update; undefined when it was not reached. */
  readonly state?: ServiceState;
  /** `update`, `same`, `create`, … */
  readonly op?: string;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** A line that is no event is the CLI's own word, e.g. that the stack is locked. */
function parse(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const colours = /<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g;

export function readEvents(output: string, urn: string): UpdateResult {
  const events = output.split("\n").flatMap((line) => parse(line) ?? []);
  const messages = (severity: string): string[] => {
    const texts = events.flatMap(({ diagnosticEvent: event }) =>
      event?.severity === severity ? [event.message.replace(colours, "").trim()] : [],
    );
    return [...new Set(texts)].filter((text) => text !== "");
  };
  const last = events
    .flatMap(({ resOutputsEvent: event }) => (event?.metadata.urn === urn ? [event.metadata] : []))
    .at(-1);
  return {
    op: last?.op,
    state: last?.new?.outputs as ServiceState | undefined,
    errors: messages("error"),
    warnings: messages("warning"),
  };
}
