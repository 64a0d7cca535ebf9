import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asList, asText, UNKNOWN } from "./values";
import { isForwarder } from "./forwarders";

/** Services of every mechanism: their types have one beginning, see `components/failover`. */
export function servicesOf(stack: Stack): readonly Member[] {
  return stack.members.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/failover:"));
}

const nodeTypes = [types.instance, types.networkInterface] as const;

/** Each node that can have a service is an input of its own, `node:<name>`. */
const nodeKeys = (service: Member): string[] =>
  Object.keys(service.props).filter((key) => key.startsWith("node:"));

/** The instances (or interfaces) between which a service moves. */
export function candidatesOf(stack: Stack, service: Member): readonly Member[] {
  const all = nodeKeys(service).flatMap((key) => stack.linked(service, key, nodeTypes).members);
  return [...new Set(all)];
}

/** How many candidates a service has; undefined where none is known. */
export function candidateCount(service: Member): number | undefined {
  return nodeKeys(service).length || undefined;
}

/** Interfaces that an instance was launched with. */
export function interfacesOf(stack: Stack, instance: Member): readonly Member[] {
  const eni = [types.networkInterface];
  return [
    ...stack.linked(instance, "primaryNetworkInterface", eni).members,
    ...stack.linked(instance, "networkInterfaces", eni).members,
  ];
}

/** The availability zone of an instance, an interface or a subnet; undefined where it is not known. */
export function zoneOf(stack: Stack, member: Member): string | undefined {
  const own = asText(member.props.availabilityZone);
  if (own !== undefined && own !== "") return own;
  const subnets = stack.linked(member, "subnetId", [types.subnet]).members;
  const zones = subnets.flatMap((subnet) => asText(subnet.props.availabilityZone) ?? []);
  if (zones.length > 0) return zones[0];
  const enis = member.type === types.instance ? interfacesOf(stack, member) : [];
  return enis.map((eni) => zoneOf(stack, eni)).find((zone) => zone !== undefined);
}

/** Zones of several members; undefined unless each one's is known. */
export function zonesOf(stack: Stack, members: readonly Member[]): ReadonlySet<string> | undefined {
  const zones = members.map((member) => zoneOf(stack, member));
  return zones.includes(undefined) ? undefined : new Set(zones as string[]);
}

const nodeComponents = /^failover-lab:(nodes|dns):/;

/** Nodes of services, forwarders, and what a component of ours made as one: nothing of it belongs on the internet. */
export function internalInstances(stack: Stack): readonly Member[] {
  const candidates = servicesOf(stack).flatMap((service) => candidatesOf(stack, service));
  return stack
    .ofType(types.instance, types.spotRequest)
    .filter(
      (instance) =>
        candidates.includes(instance) ||
        isForwarder(stack, instance) ||
        stack.isWithin(instance, (type) => nodeComponents.test(type)),
    );
}

/** Security groups of an instance or interface; `complete` as in `Stack.linked`. */
export function groupsOf(
  stack: Stack,
  member: Member,
): { readonly groups: readonly Member[]; readonly complete: boolean } {
  const wanted = [types.securityGroup, types.defaultSecurityGroup];
  const holders = member.type === types.instance ? [member, ...interfacesOf(stack, member)] : [member];
  const links = holders.flatMap((holder) => {
    const property = groupProperty(holder);
    return property === undefined ? [] : [stack.linked(holder, property, wanted)];
  });
  // An attachment adds a group to an interface from outside.
  const attached = holders.flatMap((holder) =>
    stack
      .linkedTo(holder, [types.interfaceGroup], "networkInterfaceId")
      .map((attachment) => stack.linked(attachment, "securityGroupId", wanted)),
  );
  const all = [...links, ...attached];
  return {
    groups: [...new Set(all.flatMap((link) => link.members))],
    complete: all.length > 0 && all.every((link) => link.complete),
  };
}

/** The property by which a resource names its groups. Of an instance's two, `securityGroups` also is an output, with names. */
function groupProperty({ props }: Member): string | undefined {
  return ["vpcSecurityGroupIds", "securityGroups"].find(
    (property) => asList(props[property]).length > 0 || props[property] === UNKNOWN,
  );
}
