import { containsAddress, isHostRoute, parseAddress, parseCidr } from "../network/cidr.plan";
import { type Planned, type Problem, refused } from "../network/problem.plan";
import { type CloudFile, renderCloudConfig } from "./cloud-config.plan";
import { floatingEniCommands, floatingEniFiles, type FloatingEniNetwork } from "./floating-eni-network.plan";
import { type NodeSystem } from "./systems.plan";
import { demoResponderUnit, overlayAddressUnit } from "./units.plan";

/** Text of the files in `scripts/node/`; who calls the planner reads them. */
export interface NodeScripts {
  overlayAddress: string;
  overlayTakeover: string;
  demoResponder: string;
  floatingEniRouting: string;
}

export interface UserDataArgs {
  system: NodeSystem;
  /** What the demo responder answers, e.g. `node1`: lower-case letters, digits and dashes. */
  nodeName: string;
  /** TCP port of the demo responder, 1024 to 65535. */
  servicePort: number;
  /** The overlay address as a host route, e.g. `192.168.10.1/32`. @default none: the node is not of an overlay pair */
  overlayAddress?: string;
  /** The floating interface. @default none: the node is not of an ENI pair */
  floatingEni?: FloatingEniNetwork;
  scripts: NodeScripts;
}

/**
 * The user data of a node: cloud-config that installs the demo responder and, by what the node is for, the overlay
 * address with the takeover script, or the routing of the floating interface. It holds no secrets: anyone who can
 * reach the instance metadata reads it.
 *
 * @returns text that begins with `#cloud-config`, at most 16 KB, not base64; or every problem at once.
 */
export function planUserData(args: UserDataArgs): Planned<string> {
  const problems = [...nameProblems(args), ...overlayProblems(args), ...eniProblems(args)];
  const eni = args.floatingEni ? floatingEniFiles(args.system, args.floatingEni) : undefined;
  if (problems.length > 0) return refused(...problems);
  if (eni && !eni.ok) return eni;

  const files: CloudFile[] = [
    program("/usr/local/bin/demo-responder", args.scripts.demoResponder),
    unit("demo-responder", demoResponderUnit(args.nodeName, args.servicePort)),
  ];
  const units = ["demo-responder.service"];
  const commands: string[][] = [["systemctl", "daemon-reload"]];
  if (args.overlayAddress) {
    const manager = args.system === "sles-15" ? "wicked" : "networkd";
    files.push(
      program("/usr/local/sbin/overlay-address", args.scripts.overlayAddress),
      program("/usr/local/sbin/overlay-takeover", args.scripts.overlayTakeover),
      unit("overlay-address", overlayAddressUnit(args.overlayAddress, manager)),
    );
    units.unshift("overlay-address.service");
  }
  if (args.floatingEni && eni?.ok) {
    files.push(
      program("/usr/local/sbin/floating-eni-routing", args.scripts.floatingEniRouting),
      ...eni.value,
    );
    commands.push(...floatingEniCommands(args.system, args.floatingEni));
  }
  commands.push(...units.map((name) => ["systemctl", "enable", "--now", name]));
  return renderCloudConfig({ files, commands }, "userData");
}

function program(path: string, content: string): CloudFile {
  return { path, content, permissions: "0755" };
}

function unit(name: string, content: string): CloudFile {
  return { path: `/etc/systemd/system/${name}.service`, content };
}

/** What is checked here goes into units and configuration files without quotes. */
function nameProblems(args: UserDataArgs): Problem[] {
  const problems: Problem[] = [];
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(args.nodeName)) {
    problems.push({
      key: "nodeName",
      reason: `${JSON.stringify(args.nodeName)} is not a host name`,
      remedy: "use lower-case letters, digits and dashes, at most 63, e.g. node1",
    });
  }
  if (!Number.isInteger(args.servicePort) || args.servicePort < 1024 || args.servicePort > 65535) {
    problems.push({
      key: "servicePort",
      reason: `${args.servicePort} is not a port that an unprivileged user can listen on`,
      remedy: "take a whole number from 1024 to 65535, e.g. 8080",
    });
  }
  return problems;
}

function overlayProblems(args: UserDataArgs): Problem[] {
  if (args.overlayAddress === undefined) return [];
  const cidr = parseCidr(args.overlayAddress, "overlayAddress");
  if (!cidr.ok) return cidr.problems;
  if (isHostRoute(cidr.value) && cidr.value.text === args.overlayAddress) return [];
  return [
    {
      key: "overlayAddress",
      reason: `${args.overlayAddress} is not a single address in canonical form`,
      remedy: "write it as a host route, e.g. 192.168.10.1/32",
    },
  ];
}

function eniProblems(args: UserDataArgs): Problem[] {
  const eni = args.floatingEni;
  if (!eni) return [];
  const problems: Problem[] = [];
  const [address, subnet] = [
    parseAddress(eni.address, "floatingEni.address"),
    parseCidr(eni.subnetCidr, "floatingEni.subnetCidr"),
  ];
  if (!address.ok) problems.push(...address.problems);
  if (!subnet.ok) problems.push(...subnet.problems);
  if (
    address.ok &&
    subnet.ok &&
    !(subnet.value.family === 4 && containsAddress(subnet.value, address.value))
  ) {
    problems.push({
      key: "floatingEni.address",
      reason: `${eni.address} is not in the IPv4 subnet ${eni.subnetCidr}`,
      remedy: "give an address of the interface's own subnet",
    });
  }
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(eni.macAddress)) {
    problems.push({
      key: "floatingEni.macAddress",
      reason: `${JSON.stringify(eni.macAddress)} is not a MAC address`,
      remedy: "give the interface's own, like 0a:1b:2c:3d:4e:5f",
    });
  }
  return problems;
}
