import { bringsForwarder } from "./bind/files";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asList, asNumber, asText, at } from "./values";

const templateTypes = [types.launchTemplate, types.launchConfiguration] as const;

/** Whether an instance forwards DNS: it is one of ours, or its user data, or its template's, makes it forward. */
export function isForwarder(stack: Stack, instance: Member): boolean {
  if (stack.isWithin(instance, (type) => type === "failover-lab:dns:BindForwarders")) return true;
  const templates = stack.linked(instance, "launchTemplate", [types.launchTemplate]).members;
  return [instance, ...templates].some(bringsForwarder);
}

/** Forwarders that are resources of their own. */
export function forwardersOf(stack: Stack): readonly Member[] {
  return stack.ofType(types.instance, types.spotRequest).filter((instance) => isForwarder(stack, instance));
}

/** Forwarders that an auto scaling group makes. */
export interface ForwarderGroup {
  readonly resource: Member;
  /** How many there are at least; undefined while that is not known. */
  readonly size?: number;
  /** Where they are; undefined where a subnet's zone is not known. */
  readonly zones?: ReadonlySet<string>;
}

/** Templates of forwarders, with or without a group of this stack that uses them. */
export function forwarderTemplates(stack: Stack): readonly Member[] {
  return stack.ofType(...templateTypes).filter(bringsForwarder);
}

export function forwarderGroups(
  stack: Stack,
  zonesOf: (subnets: readonly Member[]) => ReadonlySet<string> | undefined,
): readonly ForwarderGroup[] {
  const templates = forwarderTemplates(stack);
  const uses = (group: Member): boolean =>
    ["launchTemplate", "launchConfiguration", "mixedInstancesPolicy"].some((property) =>
      stack.linked(group, property, templateTypes).members.some((template) => templates.includes(template)),
    );
  return stack
    .ofType(types.autoscalingGroup)
    .filter(uses)
    .map((resource) => {
      const { props } = resource;
      const subnets = stack.linked(resource, "vpcZoneIdentifiers", [types.subnet]);
      const named = asList(props.availabilityZones).flatMap((zone) => asText(zone) ?? []);
      return {
        resource,
        size: asNumber(at(props, "desiredCapacity")) ?? asNumber(at(props, "minSize")),
        zones:
          named.length > 0
            ? new Set(named)
            : subnets.complete && subnets.members.length > 0
              ? zonesOf(subnets.members)
              : undefined,
      };
    });
}
