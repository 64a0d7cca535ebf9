import type { CloudModel, Vpc } from "../../model";
import { formatAddress, nth, parseBlock } from "./blocks";
import { CORPORATE_HOSTS } from "./corporate";
import type { Plugged } from "./plugged";
import { MTU } from "./types";

/** What a router answers by DHCP: the settings of dnsmasq, and who has which address. */
export interface DhcpPlan {
  readonly settings: string;
  readonly hosts: string;
}

const COMMON = `port=0
bind-dynamic
no-ping
no-hosts
no-resolv
dhcp-authoritative
leasefile-ro
except-interface=lo
dhcp-option=option:mtu,${MTU}
`;

function netmask(prefix: number): string {
  return formatAddress(prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);
}

function range(block: string): string {
  const { base, prefix } = parseBlock(block);
  return `dhcp-range=${formatAddress(base)},static,${netmask(prefix)},1h\n`;
}

/** Addresses of primary interfaces' primary addresses, and of further interfaces; the router is the subnet's base + 1. */
export function vpcDhcp(model: CloudModel, vpc: Vpc, plugged: readonly Plugged[]): DhcpPlan {
  const domain = model.region === "us-east-1" ? "ec2.internal" : `${model.region}.compute.internal`;
  const server = vpc.enableDnsSupport
    ? `dhcp-option=option:dns-server,${nth(vpc.cidrBlocks[0] ?? "", 2)}\n`
    : "";
  const ranges = model.subnets
    .filter(({ vpcId }) => vpcId === vpc.id)
    .map(({ cidrBlock }) => range(cidrBlock));
  return {
    settings: `${COMMON}${server}dhcp-option=option:domain-name,${domain}\n${ranges.join("")}`,
    hosts: plugged
      .map(
        ({ networkInterface }) => `${networkInterface.macAddress},${networkInterface.addresses[0] ?? ""}\n`,
      )
      .join(""),
  };
}

export function corporateDhcp(): DhcpPlan {
  const blocks = CORPORATE_HOSTS.map(({ address, prefix }) => `${nth(address, 0)}/${prefix}`);
  const networks = blocks.map((block) => {
    const { base, prefix } = parseBlock(block);
    return range(`${formatAddress(base - (base % 2 ** (32 - prefix)))}/${prefix}`);
  });
  return {
    settings: `${COMMON}${[...new Set(networks)].join("")}`,
    hosts: CORPORATE_HOSTS.map(({ mac, address }) => `${mac},${address}\n`).join(""),
  };
}
