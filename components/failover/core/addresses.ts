/** The little that the moves need to know about addresses; node:net has it, so nothing has to be loaded for it. */
import { BlockList, isIPv4, isIPv6, SocketAddress } from "node:net";

export interface Host {
  family: "ipv4" | "ipv6";
  /** Canonical text of the address. */
  address: string;
  /** Canonical CIDR, `/32` or `/128`. */
  cidr: string;
}

/** One address in CIDR notation (`192.168.10.1/32`, `fd00::1/128`), or undefined when it is none. */
export function parseHost(cidr: string): Host | undefined {
  const [address = "", length, ...rest] = cidr.split("/");
  if (rest.length > 0) return undefined;
  if (isIPv4(address) && length === "32") return { family: "ipv4", address, cidr: `${address}/32` };
  if (!isIPv6(address) || address.includes("%") || length !== "128") return undefined;
  const canonical = new SocketAddress({ address, family: "ipv6" }).address;
  return { family: "ipv6", address: canonical, cidr: `${canonical}/128` };
}

/** Whether a CIDR of AWS's own making (`10.0.0.0/16`) contains the address. */
export function contains(cidr: string, host: Host): boolean {
  const [network = "", length = ""] = cidr.split("/");
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  if (family !== host.family) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(length), family);
  return block.check(host.address, family);
}
