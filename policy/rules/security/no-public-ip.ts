import { forwarderTemplates } from "../../lib/forwarders";
import { describe } from "../../lib/resource";
import type { Finding } from "../../lib/rule";
import { stackRule } from "../../lib/rule";
import { interfacesOf, internalInstances } from "../../lib/services";
import type { Member, Stack } from "../../lib/stack";
import { types } from "../../lib/types";
import { asFlag, asList, at, UNKNOWN } from "../../lib/values";

export const noPublicIp = stackRule({
  name: "no-public-ip",
  description: "Nodes of services and forwarders have no public address.",
  why: "they serve the VPC and the corporate network; a public address is one more way in",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
  check: (stack) => {
    const floating = stack
      .ofType(types.floatingEni)
      .flatMap((eni) => stack.linked(eni, "networkInterfaceId", [types.networkInterface]).members);
    const nodes = internalInstances(stack);
    return [
      ...nodes.flatMap((node) => atLaunch(stack, node)),
      ...forwarderTemplates(stack).flatMap(fromTemplate),
      ...elastic(stack, [...nodes, ...floating, ...nodes.flatMap((node) => interfacesOf(stack, node))]),
    ];
  },
});

function atLaunch(stack: Stack, resource: Member): Finding[] {
  const own = resource.props.associatePublicIpAddress;
  const remedy = "set associatePublicIpAddress to false";
  if (asFlag(own) === true) return [{ resource, found: "gets a public address", remedy }];
  if (own === UNKNOWN || asFlag(own) === false) return [];
  const subnet = stack
    .linked(resource, "subnetId", [types.subnet])
    .members.find(({ props }) => asFlag(props.mapPublicIpOnLaunch) === true);
  if (subnet === undefined) return [];
  return [
    { resource, found: `gets a public address from ${describe(subnet)} (mapPublicIpOnLaunch)`, remedy },
  ];
}

/** A template says it of the machine, or of the interface that it describes. */
function fromTemplate(resource: Member): Finding[] {
  const { networkInterfaces, associatePublicIpAddress } = resource.props;
  const given = [
    associatePublicIpAddress,
    ...asList(networkInterfaces).map((eni) => at(eni, "associatePublicIpAddress")),
  ];
  if (!given.some((value) => asFlag(value) === true)) return [];
  return [
    { resource, found: "gives forwarders a public address", remedy: "set associatePublicIpAddress to false" },
  ];
}

/** Elastic addresses are resources of their own, and their associations may be too. */
function elastic(stack: Stack, members: readonly Member[]): Finding[] {
  const wanted = [types.instance, types.networkInterface];
  const holders = [
    ...stack
      .ofType(types.eip)
      .flatMap((eip) => ["instance", "networkInterface"].map((key) => ({ eip, key }))),
    ...stack
      .ofType(types.eipAssociation)
      .flatMap((eip) => ["instanceId", "networkInterfaceId"].map((key) => ({ eip, key }))),
  ];
  return holders.flatMap(({ eip, key }) =>
    stack
      .linked(eip, key, wanted)
      .members.filter((member) => members.includes(member))
      .map((node) => ({
        resource: eip,
        found: `gives ${describe(node)} a public address`,
        remedy: "remove it: nodes and forwarders are reached from the VPC and the corporate network",
      })),
  );
}
