import { isHostRoute, parseCidr } from "../../components/network/cidr.plan";
import { interfacesOf } from "./services";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asList, asText, at, UNKNOWN } from "./values";

export const tableTypes = [types.routeTable, types.defaultRouteTable] as const;

const nodeTypes = [types.instance, types.spotRequest, types.networkInterface] as const;

/** A route to an instance or an interface, in whichever of the two ways it is written. */
export interface Route {
  readonly targets: readonly Member[];
  /** Whether it leads a whole network there, not one address; so too while its destination is unknown. */
  readonly wide: boolean;
}

/** Returns what a route leads to. @param inlineAt position among a table's inline routes, if it is one */
export function routeTargetsOf(stack: Stack, resource: Member, inlineAt?: number): readonly Member[] {
  const [property, path] = inlineAt === undefined ? [undefined, []] : ["routes", [inlineAt]];
  return ["networkInterfaceId", "instanceId"].flatMap((key) =>
    property === undefined
      ? stack.linked(resource, key, nodeTypes).members
      : stack.linked(resource, property, nodeTypes, ...path, key).members,
  );
}

const found = new WeakMap<Stack, readonly Route[]>();

/** Every route of a stack that leads to a machine. */
export function routesToMachines(stack: Stack): readonly Route[] {
  const before = found.get(stack);
  if (before !== undefined) return before;
  const separate = stack
    .ofType(types.route)
    .map((route) => ({ targets: routeTargetsOf(stack, route), wide: isWide(route.props) }));
  const inline = stack.ofType(...tableTypes).flatMap((table) => {
    // While the list as a whole is unknown, it may lead to whatever it was made from.
    if (table.props.routes === UNKNOWN)
      return [{ targets: stack.linked(table, "routes", nodeTypes).members, wide: true }];
    return asList(table.props.routes).map((route, i) => ({
      targets: routeTargetsOf(stack, table, i),
      wide: isWide(route),
    }));
  });
  const routes = [...separate, ...inline].filter(({ targets }) => targets.length > 0);
  found.set(stack, routes);
  return routes;
}

function isWide(route: unknown): boolean {
  const keys = ["destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock"];
  const text = keys.map((key) => asText(at(route, key))).find((value) => value !== undefined && value !== "");
  const cidr = text === undefined ? undefined : parseCidr(text);
  return cidr === undefined || !cidr.ok || !isHostRoute(cidr.value);
}

/** An instance with its interfaces, or an interface with its instance: what is true of one concerns the other. */
export function machineOf(stack: Stack, member: Member): readonly Member[] {
  const instances = member.type === types.networkInterface ? instancesOf(stack, member) : [member];
  return [
    ...new Set([member, ...instances, ...instances.flatMap((instance) => allInterfacesOf(stack, instance))]),
  ];
}

function instancesOf(stack: Stack, eni: Member): readonly Member[] {
  const attached = stack
    .linkedTo(eni, [types.interfaceAttachment], "networkInterfaceId")
    .flatMap((attachment) => stack.linked(attachment, "instanceId", [types.instance]).members);
  const own = stack.linked(eni, "attachments", [types.instance]).members;
  const launched = stack
    .ofType(types.instance)
    .filter((instance) => interfacesOf(stack, instance).includes(eni));
  return [...attached, ...own, ...launched];
}

function allInterfacesOf(stack: Stack, instance: Member): readonly Member[] {
  const attached = stack
    .linkedTo(instance, [types.interfaceAttachment], "instanceId")
    .flatMap(
      (attachment) => stack.linked(attachment, "networkInterfaceId", [types.networkInterface]).members,
    );
  return [
    ...interfacesOf(stack, instance),
    ...stack.linkedTo(instance, [types.networkInterface], "attachments"),
    ...attached,
  ];
}
