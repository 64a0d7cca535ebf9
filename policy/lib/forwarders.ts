import { namedConfsOf } from "./named-conf-files";
import type { Member, Stack } from "./stack";
import { types } from "./types";

/** Whether an instance forwards DNS: it is one of ours, or its user data brings a named.conf. */
export function isForwarder(stack: Stack, instance: Member): boolean {
  if (stack.isWithin(instance, (type) => type === "failover-lab:dns:BindForwarders")) return true;
  return namedConfsOf(instance).length > 0;
}

export function forwardersOf(stack: Stack): readonly Member[] {
  return stack.ofType(types.instance).filter((instance) => isForwarder(stack, instance));
}
