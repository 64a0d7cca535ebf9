import { overlayRoutes } from "./overlay";
import { routesToMachines, routeTargetsOf } from "./routes";
import { candidatesOf, interfacesOf } from "./services";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asFlag, UNKNOWN } from "./values";

/** Everything that an overlay IP leads to, or can be moved to. */
export function overlayTargets(stack: Stack): readonly Member[] {
  const targets = overlayRoutes(stack).flatMap(({ resource, declared, inlineAt }) =>
    declared ? candidatesOf(stack, resource) : routeTargetsOf(stack, resource, inlineAt),
  );
  return [...new Set(targets)];
}

/** Everything that any route leads to: NAT instances and appliances too. */
export function routeTargets(stack: Stack): readonly Member[] {
  const targets = routesToMachines(stack).flatMap((route) => route.targets);
  return [...new Set([...targets, ...targets.flatMap((target) => interfacesOf(stack, target))])];
}

/** The check of an interface, or of an instance's primary one; undefined while it is unknown. On is AWS's default. */
export function checkOf(stack: Stack, member: Member): boolean | undefined {
  const [primary] = member.type === types.instance ? interfacesOf(stack, member) : [];
  const value = (primary ?? member).props.sourceDestCheck;
  if (value === UNKNOWN) return undefined;
  return asFlag(value) ?? true;
}
