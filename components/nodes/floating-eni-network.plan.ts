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

const UDEV_RULES = "/etc/udev/rules.d/72-floating-eni.rules";

/** Runs on SLES whenever the interface appears. */
const SET_UP_UNIT = "floating-eni.service";

/**
 * The files that make a node ready for the hot-plugged interface: address, table and rule appear with it. The address
 * is static, because it is known and fixed: no DHCP round trip delays a failover. It has the length /32, so that no route
 * to the subnet arises in the main table: what the node sends from its own address would leave through the floating
 * interface, too, and be dropped there by the source/dest check.
 */
export function floatingEniFiles(system: NodeSystem, eni: FloatingEniNetwork): Planned<CloudFile[]> {
  const subnet = parseCidr(eni.subnetCidr, "floatingEni.subnetCidr");
  if (!subnet.ok) return subnet;
  // The router of a subnet is its base address + 1 (VPC User Guide, "Subnet CIDR blocks").
  const route: Route = { ...eni, gateway: nthAddress(subnet.value, 1) };
  const sles = system === "sles-15";
  return planned([
    { path: "/etc/iproute2/rt_tables.d/myha.conf", content: `${MYHA_TABLE.id} ${MYHA_TABLE.name}\n` },
    { path: UDEV_RULES, content: `${sles ? setUpRule(route) : ""}${undoRule(route)}` },
    ...(sles ? wickedFiles(route) : [networkdFile(route)]),
  ]);
}

interface Route extends FloatingEniNetwork {
  gateway: string;
}

function routingScript(r: Route): string {
  return `/usr/local/sbin/floating-eni-routing ${r.address} ${r.subnetCidr} ${r.gateway}`;
}

/** When an interface has gone, what belonged to it goes too; the script leaves everything else alone. */
function undoRule(r: Route): string {
  return `ACTION=="remove", SUBSYSTEM=="net", RUN+="${routingScript(r)}"\n`;
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
Address=${r.address}/32

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
 * What a running node still has to do about these files: the services have started before cloud-init wrote them, and the
 * interface may be attached before the next boot, or may be there already.
 */
export function floatingEniCommands(system: NodeSystem, eni: FloatingEniNetwork): string[][] {
  const readRules = ["udevadm", "control", "--reload"];
  if (system === "amazon-linux-2023") return [readRules, ["networkctl", "reload"]];
  const appeared = ["--action=add", "--subsystem-match=net", `--attr-match=address=${eni.macAddress}`];
  return [readRules, ["udevadm", "trigger", ...appeared]];
}

/**
 * SLES 15. Its EC2 images name interfaces eth0, eth1, …, and the first that is hot-plugged is eth1. Without
 * CLOUD_NETCONFIG_MANAGE='no', cloud-netconfig would add a table 101 of its own. Formats: wicked's ifcfg(5),
 * ifroute(5), ifrule(5). Neither wickedd nor cloud-netconfig's udev helper looks at files that were written after the
 * network has started (client/ifup.c of wicked, common/cloud-netconfig-hotplug of cloud-netconfig), so a unit of ours
 * does.
 */
function wickedFiles(r: Route): CloudFile[] {
  const ifcfg = `STARTMODE='hotplug'
BOOTPROTO='static'
IPADDR='${r.address}/32'
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
    { path: `/etc/systemd/system/${SET_UP_UNIT}`, content: setUpUnit(r) },
  ];
}

/** udev itself must not wait for the network service, so it has systemd start it. */
function setUpRule(r: Route): string {
  const wanted = `TAG+="systemd", ENV{SYSTEMD_WANTS}+="${SET_UP_UNIT}"`;
  return `ACTION=="add", SUBSYSTEM=="net", ATTR{address}=="${r.macAddress}", ${wanted}\n`;
}

/** Not `RemainAfterExit`: it runs again when the interface comes back. */
function setUpUnit(r: Route): string {
  return `[Unit]
Description=Address and routing of the floating interface ${r.address}
Wants=wickedd.service
After=wickedd.service wicked.service

[Service]
Type=oneshot
ExecStart=/usr/sbin/wicked ifup eth1
ExecStart=${routingScript(r)}
`;
}
