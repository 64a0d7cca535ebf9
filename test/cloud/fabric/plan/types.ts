/** What the kernel is to have: plain values, made from the model, and compared with what there is. */

/** One end of a veth pair. */
export interface LinkEnd {
  readonly namespace: string;
  readonly name: string;
  /** @default the kernel's choice */
  readonly mac?: string;
  /** Addresses with prefix. Only where the fabric itself configures the interface. */
  readonly addresses: readonly string[];
  /** A host configures its end by itself. */
  readonly ofHost: boolean;
  /** Answers ARP for everything that it routes elsewhere. */
  readonly proxyArp: boolean;
}

export interface Link {
  readonly ends: readonly [LinkEnd, LinkEnd];
}

export interface NextHop {
  readonly device: string;
  readonly via?: string;
}

export interface KernelRoute {
  readonly table: number;
  /** A block. */
  readonly destination: string;
  /** None: a black hole. */
  readonly nextHops: readonly NextHop[];
}

/** What comes in on a device is routed by a table. */
export interface KernelRule {
  readonly device: string;
  readonly table: number;
}

export interface Neighbour {
  readonly device: string;
  readonly address: string;
  readonly mac: string;
}

/** A router: a network namespace that the fabric configures whole. */
export interface RouterPlan {
  readonly namespace: string;
  /** Addresses on its loopback interface: of services that are reached at the router. */
  readonly services: readonly string[];
  readonly routes: readonly KernelRoute[];
  readonly rules: readonly KernelRule[];
  readonly neighbours: readonly Neighbour[];
  /** A whole nftables ruleset. */
  readonly filter: string;
}

export interface NetworkPlan {
  readonly routers: readonly RouterPlan[];
  readonly links: readonly Link[];
}

/** The table of what the router itself sends. */
export const MAIN_TABLE = 254;

/** Jumbo frames inside a VPC (EC2 User Guide, "Network maximum transmission unit"). */
export const MTU = 9001;
