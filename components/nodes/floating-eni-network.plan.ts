import { nthAddress, parseCidr } from "../network/cidr.plan";
import { type Planned, planned } from "../network/problem.plan";
import { type CloudFile } from "./cloud-config.plan";
import { type NodeSystem } from "./systems.plan";

/** The routing table of the floating interface: its name for people, its number for the kernel. */
export const MYHA_TABLE = { name: "MYHA", id: 100 } as const;

/** Rules are looked up in the order of their priority; the main table's is 32766. */
const PRIORITY = 100;

/** The MTU inside a VPC; DHCP would tell it, and there is no DHCP here. */
const MTU = 9001;

export interface FloatingEniNetwork {
  /** The interface's fixed private address, e.g. `10.0.0.12`. */
  address: string;
  /** Block of its subnet. */
  subnetCidr: string;
  /** Its MAC address, e.g. `0a:1b:2c:3d:4e:5f`: Amazon Linux names interfaces by slot, which differs by type. */
  macAddress: string;
}

/**
 * The files that make a node ready for the hot-plugged interface: address, table and rule appear with it. The address
 * is static, because it is known and fixed: no DHCP round trip delays a failover.
 */
export function floatingEniFiles(system: NodeSystem, eni: FloatingEniNetwork): Planned<CloudFile[]> {
  const subnet = parseCidr(eni.subnetCidr, "floatingEni.subnetCidr");
  if (!subnet.ok) return subnet;
  // The router of a subnet is its base address + 1 (VPC User Guide, "Subnet CIDR blocks").
  const route: Route = { ...eni, gateway: nthAddress(subnet.value, 1), prefix: subnet.value.prefix };
  return planned([
    { path: "/etc/iproute2/rt_tables.d/myha.conf", content: `${MYHA_TABLE.id} ${MYHA_TABLE.name}\n` },
    { path: "/etc/udev/rules.d/72-floating-eni.rules", content: undoRule(route) },
    ...(system === "sles-15" ? wickedFiles(route) : [networkdFile(route)]),
  ]);
}

interface Route extends FloatingEniNetwork {
  gateway: string;
  prefix: number;
}

/** When an interface has gone, what belonged to it goes too; the script leaves everything else alone. */
function undoRule(r: Route): string {
  const script = `/usr/local/sbin/floating-eni-routing ${r.address} ${r.subnetCidr} ${r.gateway}`;
  return `ACTION=="remove", SUBSYSTEM=="net", RUN+="${script}"\n`;
}

/**
 * Amazon Linux 2023. amazon-ec2-net-utils would give the interface table 10001 in its 70-<interface>.network; the
 * first file that matches wins, so this one takes its place. `GatewayOnLink`: the route may come before the address.
 */
function networkdFile(r: Route): CloudFile {
  const content = `[Match]
MACAddress=${r.macAddress}

[Link]
MTUBytes=${MTU}
RequiredForOnline=no

[Network]
DHCP=no
IPv6AcceptRA=no
Address=${r.address}/${r.prefix}

[Route]
Table=${MYHA_TABLE.id}
Destination=${r.subnetCidr}
Scope=link

[Route]
Table=${MYHA_TABLE.id}
Gateway=${r.gateway}
GatewayOnLink=yes

[RoutingPolicyRule]
Family=ipv4
From=${r.address}/32
Table=${MYHA_TABLE.id}
Priority=${PRIORITY}
`;
  return { path: "/etc/systemd/network/60-floating-eni.network", content };
}

/**
 * SLES 15. Its EC2 images name interfaces eth0, eth1, …, and the first that is hot-plugged is eth1. Without
 * CLOUD_NETCONFIG_MANAGE='no', cloud-netconfig would add a table 101 of its own. Formats: wicked's ifcfg(5),
 * ifroute(5), ifrule(5).
 */
function wickedFiles(r: Route): CloudFile[] {
  const ifcfg = `STARTMODE='hotplug'
BOOTPROTO='static'
IPADDR='${r.address}/${r.prefix}'
MTU='${MTU}'
CLOUD_NETCONFIG_MANAGE='no'
`;
  const ifroute = `${r.subnetCidr} - - eth1 table ${MYHA_TABLE.id} scope link
default ${r.gateway} - eth1 table ${MYHA_TABLE.id}
`;
  const ifrule = `ipv4 from ${r.address} table ${MYHA_TABLE.id} pref ${PRIORITY}\n`;
  return [
    { path: "/etc/sysconfig/network/ifcfg-eth1", content: ifcfg },
    { path: "/etc/sysconfig/network/ifroute-eth1", content: ifroute },
    { path: "/etc/sysconfig/network/ifrule-eth1", content: ifrule },
  ];
}
