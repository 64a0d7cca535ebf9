import { forwarderGroups, forwardersOf, forwarderTemplates } from "../../lib/forwarders";
import type { Finding } from "../../lib/rule";
import { stackRule } from "../../lib/rule";
import { zonesOf } from "../../lib/services";
import type { Stack } from "../../lib/stack";
import { types } from "../../lib/types";
import { asList, UNKNOWN } from "../../lib/values";

export const forwardersTwoZones = stackRule({
  name: "forwarders-two-zones",
  description: "DNS is forwarded by at least two forwarders, in at least two availability zones.",
  why: "with one zone's failure the corporate network loses all names of the VPC",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/best-practices-resolver.html",
  check: (stack) => [...bindForwarders(stack), ...resolverEndpoints(stack)],
});

function bindForwarders(stack: Stack): Finding[] {
  const forwarders = forwardersOf(stack);
  const groups = forwarderGroups(stack, (subnets) => zonesOf(stack, subnets));
  // How many machines a template makes, only what uses it says.
  if (groups.length === 0 && forwarderTemplates(stack).length > 0) return [];
  const [resource] = [...forwarders, ...groups.map((group) => group.resource)];
  if (resource === undefined) return [];
  const sizes = groups.map(({ size }) => size ?? Infinity);
  if (sizes.reduce((sum, size) => sum + size, forwarders.length) === 1) {
    return [{ resource, found: "is the only forwarder", remedy: "add a second one in another zone" }];
  }
  const places = [zonesOf(stack, forwarders), ...groups.map((group) => group.zones)];
  const zones = new Set(places.flatMap((some) => [...(some ?? [])]));
  if (places.includes(undefined) || zones.size > 1) return [];
  const found = `and all other forwarders are in ${[...zones].join()}`;
  return [{ resource, found, remedy: "place one of them in a subnet of another zone" }];
}

function resolverEndpoints(stack: Stack): Finding[] {
  return stack.ofType(types.resolverEndpoint).flatMap((resource) => {
    const { ipAddresses } = resource.props;
    if (ipAddresses === UNKNOWN) return [];
    const { members: subnets } = stack.linked(resource, "ipAddresses", [types.subnet]);
    const zones = zonesOf(stack, subnets);
    const addresses = asList(ipAddresses).length;
    const oneZone = subnets.length > 0 && zones?.size === 1;
    if (addresses > 1 && !oneZone) return [];
    const found =
      addresses > 1 ? `has all of its addresses in ${[...(zones ?? [])].join()}` : "has one address only";
    return [{ resource, found, remedy: "give it addresses in subnets of two zones" }];
  });
}
