/** What a failover prints: one line for people, or one JSON object. */
import type { Done } from "./conduct";
import type { PrintedOutage, Workspace } from "./workspace";

export interface Report extends Done {
  readonly workspace: Workspace;
  readonly node: string;
  readonly seconds: number;
  /** As a client saw it, in a lab with packets. */
  readonly outage?: PrintedOutage;
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** Where the service was, as the move itself saw it, or else as the state did. */
export function fromOf({ moved, state, before }: Done, node: string): string | undefined {
  if (!moved) return node;
  return state.lastMove?.moved === true ? state.lastMove.from : before.activeNode;
}

/** How many of the things that make up the service (route tables, an interface, a record) point elsewhere now. */
function movedPlaces({ moved, state, before }: Done): number {
  if (!moved) return 0;
  const targets = new Map((before.where ?? []).map(({ where, target }) => [where, target]));
  const changed = state.where.filter(({ where, target }) => targets.get(where) !== target);
  // The state had not seen where the service was: then all of them were looked at and written.
  return changed.length === 0 ? state.where.length : changed.length;
}

export function asJson(report: Report): unknown {
  const { workspace, service, node, moved, state, seconds, warnings, outage } = report;
  const steps = moved ? (state.lastMove?.steps ?? []) : [];
  return {
    service,
    from: fromOf(report, node) ?? null,
    to: node,
    moved,
    places: { moved: movedPlaces(report), total: state.where.length },
    stack: workspace.stack,
    seconds: {
      total: rounded(seconds),
      ...Object.fromEntries(steps.map((step) => [step.name, rounded(step.seconds)])),
    },
    ...(outage === undefined ? {} : { outage: outage.json }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

export function asText(report: Report): string {
  const { workspace, service, node, moved, state, seconds, outage } = report;
  const total = seconds.toFixed(1);
  const seen = outage === undefined ? "" : `\n${outage.text}`;
  if (!moved)
    return `${service} is on ${node} already; nothing was moved (stack ${workspace.stack}, ${total} s).${seen}`;
  const steps = (state.lastMove?.steps ?? []).map((step) => `${step.name} ${step.seconds.toFixed(3)} s`);
  const places = movedPlaces(report);
  const what = `${places} ${places === 1 ? "place" : "places"}`;
  return `${service}: ${fromOf(report, node) ?? "(no single node)"} -> ${node}, ${what}, in ${total} s, of which in AWS: ${steps.join(", ")} (stack ${workspace.stack}).${seen}`;
}
