import { parseCidr } from "../../components/network/cidr.plan";
import type { Resource } from "./resource";
import { types } from "./types";
import { asList, asProps, texts } from "./values";

const blocks = ["cidrBlock", "ipv6CidrBlock"];
const ingress = ["cidrBlocks", "ipv6CidrBlocks"];

/** Where rules read CIDR blocks: properties, and lists of blocks with properties of their own. */
const places: Readonly<Record<string, { readonly own: readonly string[]; readonly within?: string }>> = {
  [types.vpc]: { own: blocks },
  [types.vpcBlock]: { own: blocks },
  [types.vpcBlock6]: { own: blocks },
  [types.route]: { own: ["destinationCidrBlock", "destinationIpv6CidrBlock"] },
  [types.routeTable]: { own: blocks, within: "routes" },
  [types.defaultRouteTable]: { own: blocks, within: "routes" },
  [types.securityGroup]: { own: ingress, within: "ingress" },
  [types.defaultSecurityGroup]: { own: ingress, within: "ingress" },
  [types.groupRule]: { own: ingress },
  [types.ingressRule]: { own: ["cidrIpv4", "cidrIpv6"] },
};

/** Returns the texts that should be CIDR blocks and are none, with the property that has each. */
export function unreadAddresses({
  type,
  props,
}: Resource): readonly { readonly at: string; readonly text: string }[] {
  const place = Object.hasOwn(places, type) ? places[type] : undefined;
  if (place === undefined) return [];
  const { own, within } = place;
  const holders = within === undefined ? [props] : asList(props[within]).map(asProps);
  return holders.flatMap((holder, i) =>
    own.flatMap((key) =>
      texts(holder[key])
        // What has no shape of an address is an id or a name, and of another kind of mistake.
        .filter((text) => /^\s*[\da-f.:]*[.:/][\da-f.:/]*\s*$/i.test(text) && !parseCidr(text).ok)
        .map((text) => ({ at: within === undefined ? key : `${within}[${i}].${key}`, text })),
    ),
  );
}
