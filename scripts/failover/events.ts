/** The engine's events, as `pulumi up --json` prints them, one JSON object a line. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { ServiceState } from "../../components/failover/service";

/** Of `resOpFailedEvent.status` (`sdk/go/common/resource/status.go`): the provider gave the state that it left. */
const partialFailure = 1;

type StepEvent = "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent";
type Metadata = NonNullable<EngineEvent[StepEvent]>["metadata"];

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
  /** Where the provider said that it left the service, when its operation failed. */
  readonly left?: ServiceState["location"];
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

const outputsOf = ({ new: state }: Metadata): ServiceState | undefined =>
  state?.outputs as ServiceState | undefined;

export function readEvents(output: string, urn: string): UpdateResult {
  const events = output.split("\n").flatMap((line) => parse(line) ?? []);
  const errors = events.flatMap(({ diagnosticEvent: event }) =>
    event?.severity === "error" ? [event.message.replace(colours, "").trim()] : [],
  );
  const last = <Kind extends StepEvent>(kind: Kind): EngineEvent[Kind] =>
    events.findLast(({ [kind]: event }) => event?.metadata.urn === urn)?.[kind];
  const done = last("resOutputsEvent")?.metadata;
  const failed = last("resOpFailedEvent");
  const left = failed?.status === partialFailure ? outputsOf(failed.metadata)?.location : undefined;
  return {
    begun: events.length > 0,
    concluded: events.some(({ summaryEvent }) => summaryEvent !== undefined),
    planned: last("resourcePreEvent")?.metadata.op,
    op: done?.op,
    failed: failed !== undefined,
    left,
    state: done === undefined ? undefined : outputsOf(done),
    errors: [...new Set(errors)].filter((text) => text !== ""),
  };
}
