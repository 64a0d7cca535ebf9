/** The services that a stack has, wherever in it and whatever they are called: found by their resources' type. */
import { type Kind, kinds } from "../../components/failover/mechanisms";
import { activeSetting } from "../../components/failover/service";
import { UserError } from "../lib/command";
import { type Deployment, nameOf, type StateResource } from "./state";

export interface Service {
  /** Name of its resource, e.g. `overlay`. */
  readonly name: string;
  readonly kind: Kind;
  /** Key of the stack's configuration that chooses the node, without the project's name. */
  readonly key: string;
  readonly resource: StateResource;
}

/** Lists the services in a state, by their names. One that is only waiting for its deletion is none. */
export function servicesOf({ resources = [] }: Deployment): Service[] {
  const all = Object.keys(kinds) as Kind[];
  const found = resources.flatMap((resource) => {
    const kind = all.find((one) => kinds[one].type === resource.type);
    if (kind === undefined || resource.delete === true) return [];
    const name = nameOf(resource.urn);
    return [{ name, kind, key: activeSetting(name), resource }];
  });
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Returns the one service of that name, or with that URN.
 * @throws UserError when there is none, or more than one; it names what there is
 */
export function findService(deployment: Deployment, asked: string, stack: string): Service {
  const all = servicesOf(deployment);
  const found = all.filter(({ name, resource }) => name === asked || resource.urn === asked);
  const [service, another] = found;
  if (service === undefined) {
    const names = all.map(({ name }) => name);
    throw new UserError(
      names.length === 0
        ? `Stack ${stack} has no service. Build it first: npm run lab, or pulumi up.`
        : `Stack ${stack} has no service ${asked}; use one of: ${names.join(", ")}.`,
    );
  }
  if (another !== undefined)
    throw new UserError(
      `Stack ${stack} has ${found.length} services named ${asked}. If one was renamed or moved, an update has not come ` +
        `to its end: run it first (npm run lab, or pulumi up). Else give the URN of the one that is meant:\n` +
        found.map(({ resource }) => `  ${resource.urn}`).join("\n"),
    );
  return service;
}
