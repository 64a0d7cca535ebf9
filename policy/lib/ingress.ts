import { parseCidr } from "../../components/network/cidr.plan";
import type { Resource } from "./resource";
import type { Member, Stack } from "./stack";
import { types } from "./types";
import { asFlag, asList, asNumber, asText, at, hasUnknown, type Props, texts, UNKNOWN } from "./values";

/** Who may reach what, whichever of AWS's three ways of writing it was used. */
export interface Ingress {
  /** Where it stands: `ingress[0]`, or the resource itself. */
  readonly at: string;
  readonly protocol: unknown;
  readonly fromPort: unknown;
  readonly toPort: unknown;
  readonly blocks: readonly string[];
  /** Whether others than address blocks may come: groups, prefix lists, or what is not known yet. */
  readonly others: boolean;
  /** Whether the group's own members may come, and nobody else by this. */
  readonly onlySelf: boolean;
}

/** Types with rules of a security group in them. */
export const ingressTypes = [
  types.securityGroup,
  types.defaultSecurityGroup,
  types.groupRule,
  types.ingressRule,
] as const;

export function ingressOf({ type, props }: Resource): readonly Ingress[] {
  if (type === types.groupRule) {
    return props.type === "ingress" ? [fromBlock(props, "the rule", props.sourceSecurityGroupId)] : [];
  }
  if (type === types.ingressRule) {
    const { ipProtocol: protocol, fromPort, toPort, cidrIpv4, cidrIpv6 } = props;
    const given = [cidrIpv4, cidrIpv6, props.referencedSecurityGroupId, props.prefixListId];
    return [
      {
        at: "the rule",
        protocol,
        fromPort,
        toPort,
        blocks: texts([cidrIpv4, cidrIpv6]),
        others: given.slice(2).some((value) => value !== undefined) || given.some(hasUnknown),
        onlySelf: false,
      },
    ];
  }
  return asList(props.ingress).map((block, i) =>
    fromBlock(block as Props, `ingress[${i}]`, at(block, "securityGroups")),
  );
}

function fromBlock(block: Props, where: string, groups: unknown): Ingress {
  const cidrs = [at(block, "cidrBlocks"), at(block, "ipv6CidrBlocks")];
  const blocks = cidrs.flatMap(texts);
  const others = [...cidrs.filter(hasUnknown), groups, at(block, "prefixListIds")].some(
    (value) => value === UNKNOWN || asList(value).length > 0,
  );
  const onlySelf = asFlag(at(block, "self")) === true && !others && blocks.length === 0;
  return {
    at: where,
    protocol: at(block, "protocol"),
    fromPort: at(block, "fromPort"),
    toPort: at(block, "toPort"),
    blocks,
    others,
    onlySelf,
  };
}

const protocolNames: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp", all: "-1" };

/** Whether a port is let through; `perhaps` where that is known at the update only. */
export function coversPort(
  ingress: Ingress,
  protocol: "tcp" | "udp",
  port: number,
): "yes" | "no" | "perhaps" {
  const { fromPort, toPort } = ingress;
  if (ingress.protocol === UNKNOWN) return "perhaps";
  const text = (asText(ingress.protocol) ?? String(ingress.protocol)).toLowerCase();
  const name = protocolNames[text] ?? text;
  if (name === "-1") return "yes";
  if (name !== protocol) return "no";
  if (fromPort === UNKNOWN || toPort === UNKNOWN) return "perhaps";
  const [from, to] = [asNumber(fromPort) ?? 0, asNumber(toPort) ?? 65535];
  // -1 for a port means all of them, where a rule was written so.
  return (from <= port && port <= to) || from === -1 ? "yes" : "no";
}

/** The blocks that are the internet, or so much of it that it makes no difference: 0.0.0.0/1 has a second half. */
export function worldBlocks({ blocks }: Ingress): readonly string[] {
  return blocks.filter((text) => {
    const cidr = parseCidr(text);
    return cidr.ok && cidr.value.prefix < (cidr.value.family === 4 ? 8 : 16);
  });
}

/** All rules of a security group: its own, and those that are resources. */
export function rulesOf(stack: Stack, group: Member): readonly Ingress[] {
  const separate = stack.linkedTo(group, [types.groupRule, types.ingressRule], "securityGroupId");
  return [group, ...separate].flatMap(ingressOf);
}
