/** Working out inputs and states of a service from what is asked for and what AWS shows; nothing here calls AWS. */
import type { Location, Place } from "../core/contract";
import type { Candidate, ServiceShape } from "../core/facts";
import type { NodeKey, ServiceInputs, ServiceState } from "../service";
import { hasUnknown } from "./values";

/** What the engine hands over: the common inputs, the nodes' (`node:<name>`) and the mechanism's own. */
export type Inputs = ServiceInputs & Readonly<Record<string, unknown>>;
export type State = ServiceState & Readonly<Record<string, unknown>>;

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

const nodePrefix = "node:";
/** Everything that is no part of the service itself. */
const aboutIt = new Set<string>([
  "active",
  "initial",
  "activeNode",
  "profile",
  "stack",
  "location",
  "where",
  "lastMove",
  "lastNode",
  "__provider",
]);

export function nodeKey(name: string): NodeKey {
  return `${nodePrefix}${name}`;
}

export function nodeNames(inputs: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(inputs).flatMap((key) =>
    key.startsWith(nodePrefix) ? [key.slice(nodePrefix.length)] : [],
  );
}

/**
 * Inputs and states as older versions wrote them, with the service as one opaque property and the route tables in
 * `places`, in today's shape. What is in today's shape is returned as it is.
 */
export function flat<Stored extends Readonly<Record<string, unknown>>>(stored: Stored): Stored {
  const { service, places, ...rest } = stored;
  if (typeof service !== "object" || service === null) return stored;
  const { candidates, ...own } = service as Record<string, unknown>;
  const nodes = Object.entries(typeof candidates === "object" ? (candidates ?? {}) : {});
  return {
    ...rest,
    ...own,
    ...(Array.isArray(places) && places.length > 0 ? { routeTableIds: places } : {}),
    ...Object.fromEntries(nodes.map(([name, candidate]) => [nodeKey(name), candidate])),
  } as unknown as Stored;
}

/** The service that the inputs describe. */
export function serviceOf(inputs: Inputs): ServiceShape {
  const own = Object.entries(inputs).filter(
    ([key, value]) => !aboutIt.has(key) && !key.startsWith(nodePrefix) && value !== undefined,
  );
  const candidates = nodeNames(inputs).map((name) => [name, inputs[nodeKey(name)]]);
  return {
    ...Object.fromEntries(own),
    region: inputs.region,
    candidates: Object.fromEntries(candidates) as Record<string, Candidate>,
  };
}

/** The same with what is not known yet as it was before, as far as there was a before. */
export function filled(olds: Partial<Inputs>, news: Inputs): Inputs {
  const entries = Object.entries(news).map(([key, value]) => [
    key,
    hasUnknown(value) && olds[key] !== undefined ? olds[key] : value,
  ]);
  return Object.fromEntries(entries) as Inputs;
}

export function wrongNames(news: Inputs): Failure[] {
  const known = nodeNames(news);
  return (["active", "initial"] as const).flatMap((property) => {
    const name = news[property];
    if (name === undefined || known.includes(name) || hasUnknown(name)) return [];
    return [{ property, reason: `there is no node ${name}; choose one of: ${known.join(", ")}` }];
  });
}

/** Whether a node has the service in every place, and all that the service promises is as it should be. */
export function isSettled(state: Location["state"], places: readonly Place[]): boolean {
  return state === "at" && places.every((place) => place.off === undefined);
}

/** Inputs alone, without a state's other properties. One that is undefined is left out: the engine has no such value. */
export function inputsOf(inputs: Inputs, activeNode: string | undefined): Inputs {
  const { region, initial, active, profile, stack } = inputs;
  const { candidates, ...own } = serviceOf(inputs);
  const nodes = Object.entries(candidates).map(([name, candidate]) => [nodeKey(name), candidate]);
  return {
    ...own,
    ...Object.fromEntries(nodes),
    region,
    initial,
    ...(active === undefined ? {} : { active }),
    ...(profile === undefined ? {} : { profile }),
    ...(stack === undefined ? {} : { stack }),
    ...(activeNode === undefined ? {} : { activeNode }),
  };
}

/** @param before what the state had before; some of it outlasts a look */
export function stateOf(
  inputs: Inputs,
  location: Location,
  before: Pick<State, "lastMove" | "lastNode"> = {},
): State {
  const { node } = homeOf(location);
  const lastNode = node ?? before.lastNode;
  return {
    ...inputsOf(inputs, node),
    ...(before.lastMove === undefined ? {} : { lastMove: before.lastMove }),
    ...(lastNode === undefined ? {} : { lastNode }),
    location: location.state,
    where: location.places,
  };
}

/** What candidates had before they were replaced, e.g. an interface's id, and whose it was. */
export type Former = ReadonlyMap<string, string>;

/** @param id the candidate's property that stands for it in AWS */
export function formerOf(id: string, olds: ServiceShape, news: ServiceShape): Former {
  const idsOf = (service: ServiceShape): Map<string, string> =>
    new Map(
      Object.entries(service.candidates).flatMap(([name, candidate]): [string, string][] => {
        const value = candidate[id];
        return value === undefined || hasUnknown(value) ? [] : [[value, name]];
      }),
    );
  const now = idsOf(news);
  return new Map([...idsOf(olds)].filter(([value]) => !now.has(value)));
}

/** The one node that has the service, also when some places point nowhere yet, or to what the node had before. */
export function homeOf(location: Location, former: Former = new Map()): { node?: string } {
  const nodes = new Set(
    location.places.flatMap(({ target, node }) => (target === undefined ? [] : [node ?? former.get(target)])),
  );
  const [node] = nodes;
  return nodes.size === 1 && node !== undefined ? { node } : {};
}
