/** Working out inputs and states of a service from what is asked for and what AWS shows; nothing here calls AWS. */
import type { Location } from "./moves/contract";
import type { Movement, ServiceInputs, ServiceState } from "./service";

/** What AWS has to be a Mechanism for: services are plain JSON, checked by their own preflight. */
export interface ServiceShape {
  readonly candidates: Readonly<Record<string, Record<string, string>>>;
  readonly region: string;
}
export type Inputs = ServiceInputs<ServiceShape>;
export type State = ServiceState<ServiceShape>;

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export function wrongNames(news: Inputs): Failure[] {
  const candidates: unknown = news.service.candidates;
  // While a stack is new, a preview knows nothing of them: all of it is one unknown value.
  if (typeof candidates !== "object" || candidates === null) return [];
  const known = Object.keys(candidates);
  return (["active", "initial"] as const).flatMap((property) => {
    const name = news[property];
    if (name === undefined || known.includes(name)) return [];
    return [{ property, reason: `there is no node ${name}; choose one of: ${known.join(", ")}` }];
  });
}

/** The one node that has the service, also when some places point nowhere yet. */
export function homeOf(location: Location): { node?: string } {
  const nodes = new Set(
    location.places.filter((place) => place.target !== undefined).map((place) => place.node),
  );
  const [node] = nodes;
  return nodes.size === 1 && node !== undefined ? { node } : {};
}

/** A property that is undefined must be missing: the engine's wire format has no such value. */
export function inputsOf(
  { service, active, initial, places, profile }: Inputs,
  activeNode: string | undefined,
): Inputs {
  return {
    service,
    initial,
    places,
    ...(active === undefined ? {} : { active }),
    ...(profile === undefined ? {} : { profile }),
    ...(activeNode === undefined ? {} : { activeNode }),
  };
}

export function stateOf(inputs: Inputs, location: Location, lastMove?: Movement): State {
  return {
    ...inputsOf(inputs, homeOf(location).node),
    ...(lastMove === undefined ? {} : { lastMove }),
    location: location.state,
    where: location.places,
  };
}

/** The service with what candidates had before they were replaced: who points there is the service's own. */
export function withFormer(
  { id, former }: { readonly id: string; readonly former: string },
  olds: ServiceShape,
  news: ServiceShape,
): ServiceShape {
  const idsOf = (service: ServiceShape): string[] =>
    Object.values(service.candidates).flatMap((candidate) => candidate[id] ?? []);
  const gone = idsOf(olds).filter((value) => !idsOf(news).includes(value));
  return gone.length === 0 ? news : Object.assign({}, news, { [former]: gone });
}
