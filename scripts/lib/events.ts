/** The engine's events, as `pulumi up --json` prints them, one JSON object a line. */
import type { ServiceState } from "../../components/failover/service";

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly old?: { readonly outputs?: unknown };
  readonly new?: { readonly outputs?: unknown };
}

interface EngineEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  /** The engine's last word on an update that came to an orderly end, well or not. */
  readonly summaryEvent?: { readonly result?: string };
}

/** What the events of one update say about one resource. */
export interface UpdateResult {
  /** Whether the engine began to work at all; it does not while the stack is locked. */
  readonly begun: boolean;
  /** Whether it came to an orderly end: then everything that it did is in the events. */
  readonly concluded: boolean;
  /** What it set out to do with the resource: `update`, `same`, `create`, …; undefined when it was not reached. */
  readonly planned?: string;
  /** What it did with the resource; undefined when it was not reached, or did not answer. */
  readonly op?: string;
  /** Whether the provider's operation on the resource was answered by a failure, or by nothing at all. */
  readonly failed: boolean;
  /** Outputs of the resource after the update; undefined when it was not reached. */
  readonly state?: ServiceState;
  readonly errors: readonly string[];
}

/** A line that is no event is the CLI's own word, e.g. that the stack is locked; the last one may be cut off. */
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
  const errors = events.flatMap(({ diagnosticEvent: event }) =>
    event?.severity === "error" ? [event.message.replace(colours, "").trim()] : [],
  );
  const last = (kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent"): Metadata | undefined =>
    events.flatMap(({ [kind]: event }) => (event?.metadata.urn === urn ? [event.metadata] : [])).at(-1);
  const done = last("resOutputsEvent");
  return {
    begun: events.length > 0,
    concluded: events.some(({ summaryEvent }) => summaryEvent !== undefined),
    planned: last("resourcePreEvent")?.op,
    op: done?.op,
    failed: last("resOpFailedEvent") !== undefined,
    state: done?.new?.outputs as ServiceState | undefined,
    errors: [...new Set(errors)].filter((text) => text !== ""),
  };
}
