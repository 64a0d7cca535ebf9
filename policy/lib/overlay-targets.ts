import { overlayRoutes } from "./overlay";
import { candidatesOf, interfacesOf } from "./services";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asFlag, asList, UNKNOWN } from "./values";

const nodeTypes = [types.instance, types.networkInterface] as const;

/** Everything that an overlay IP leads to, or can be moved to. */
export function overlayTargets(stack: Stack): readonly Member[] {
  const targets = overlayRoutes(stack).flatMap(({ resource, declared, inlineAt }) => {
    if (declared) return candidatesOf(stack, resource);
    const [property, path] = inlineAt === undefined ? [undefined, []] : ["routes", [inlineAt]];
    return ["networkInterfaceId", "instanceId"].flatMap((key) =>
      property === undefined
        ? stack.linked(resource, key, nodeTypes).members
        : stack.linked(resource, property, nodeTypes, ...path, key).members,
    );
  });
  return [...new Set(targets)];
}

/** Everything that any route leads to: NAT instances and appliances too. */
export function routeTargets(stack: Stack): readonly Member[] {
  const separate = stack
    .ofType(types.route)
    .flatMap((route) =>
      ["networkInterfaceId", "instanceId"].flatMap((key) => stack.linked(route, key, nodeTypes).members),
    );
  const inline = stack
    .ofType(types.routeTable, types.defaultRouteTable)
    .filter((table) => asList(table.props.routes).length > 0 || table.props.routes === UNKNOWN)
    .flatMap((table) => stack.linked(table, "routes", nodeTypes).members);
  const targets = [...separate, ...inline];
  return [...targets, ...targets.flatMap((target) => interfacesOf(stack, target))];
}

/** The check of an interface, or of an instance's primary one; undefined while it is unknown. On is AWS's default. */
export function checkOf(stack: Stack, member: Member): boolean | undefined {
  const [primary] = member.type === types.instance ? interfacesOf(stack, member) : [];
  const value = (primary ?? member).props.sourceDestCheck;
  if (value === UNKNOWN) return undefined;
  return asFlag(value) ?? true;
}
