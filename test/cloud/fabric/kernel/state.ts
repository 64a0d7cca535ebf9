/** What the kernel has, as far as the fabric puts it there. */
import type { KernelRoute } from "../plan/types";
import { run } from "./run";

/** Marks routes of the fabric's, so that the kernel's own ones are left alone (ip-route(8), RTPROTO). */
export const PROTOCOL = 99;
/** Of the rules of the fabric's. */
export const RULE_PRIORITY = 1000;
/** Linux names some tables. */
const TABLES: Readonly<Record<string, number>> = { main: 254, default: 253, local: 255 };

/** What there is in a router's namespace; texts as arguments of the `ip` commands that make them. */
export interface RouterState {
  readonly devices: ReadonlyMap<string, DeviceState>;
  /** By table and destination. */
  readonly routes: ReadonlyMap<string, string>;
  readonly rules: ReadonlySet<string>;
  readonly neighbours: ReadonlySet<string>;
}

export interface DeviceState {
  readonly up: boolean;
  readonly addresses: readonly string[];
}

interface IpAddress {
  ifname: string;
  flags: string[];
  addr_info: { family: string; local: string; prefixlen: number }[];
}

interface IpRoute {
  type?: string;
  dst: string;
  table?: string;
  gateway?: string;
  dev?: string;
  nexthops?: { gateway?: string; dev: string }[];
}

async function ip<T>(namespace: string, ...args: readonly string[]): Promise<T[]> {
  const text = await run("ip", ["-n", namespace, "-j", ...args]);
  return text.trim() === "" ? [] : (JSON.parse(text) as T[]);
}

export async function readRouter(namespace: string): Promise<RouterState> {
  const [devices, routes, rules, neighbours] = await Promise.all([
    devicesOf(namespace),
    routesOf(namespace),
    rulesOf(namespace),
    neighboursOf(namespace),
  ]);
  return { devices, routes, rules, neighbours };
}

async function devicesOf(namespace: string): Promise<Map<string, DeviceState>> {
  const found = await ip<IpAddress>(namespace, "address", "show");
  return new Map(
    found.map(({ ifname, flags, addr_info }) => [
      ifname,
      {
        up: flags.includes("UP"),
        addresses: addr_info
          .filter(({ family }) => family === "inet")
          .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
      },
    ]),
  );
}

/** Routes by table and destination, each as `routeText` writes it. */
async function routesOf(namespace: string): Promise<Map<string, string>> {
  const routes = await ip<IpRoute>(namespace, "route", "show", "table", "all", "proto", String(PROTOCOL));
  return new Map(
    routes.map((route) => {
      const destination = route.dst === "default" ? "0.0.0.0/0" : route.dst;
      const table = TABLES[route.table ?? "main"] ?? Number(route.table);
      const own = route.dev === undefined ? [] : [{ device: route.dev, via: route.gateway }];
      const nextHops = route.nexthops?.map(({ dev, gateway }) => ({ device: dev, via: gateway })) ?? own;
      const block = destination.includes("/") ? destination : `${destination}/32`;
      const text = routeText({
        table,
        destination: block,
        nextHops: route.type === "blackhole" ? [] : nextHops,
      });
      return [routeKey(table, block), text];
    }),
  );
}

export const routeKey = (table: number, destination: string): string => `${destination} table ${table}`;

/** A route as arguments of `ip route replace`. */
export function routeText({ table, destination, nextHops }: KernelRoute): string {
  const hop = ({ device, via }: KernelRoute["nextHops"][number]): string =>
    `${via === undefined ? "" : `via ${via} `}dev ${device}${via === undefined ? "" : " onlink"}`;
  const end = `table ${table} proto ${PROTOCOL}`;
  const [first, ...others] = nextHops;
  if (first === undefined) return `blackhole ${destination} ${end}`;
  // A scope of its own, or the kernel would say `link` for routes without a gateway.
  if (others.length === 0) return `${destination} ${hop(first)} ${end}`;
  return `${destination} ${end} ${nextHops.map((one) => `nexthop ${hop(one)}`).join(" ")}`;
}

/** Rules as arguments of `ip rule add`. */
async function rulesOf(namespace: string): Promise<Set<string>> {
  const rules = await ip<{ priority: number; iif?: string; table: string }>(namespace, "rule", "show");
  return new Set(
    rules.flatMap(({ priority, iif = "", table }) => {
      if (priority === MAIN_PRIORITY) return [MAIN_RULE];
      return priority === RULE_PRIORITY ? [ruleText(iif, Number(table))] : [];
    }),
  );
}

/** The kernel's own rule, by which what a router itself sends is routed. */
const MAIN_PRIORITY = 32766;
export const MAIN_RULE = `priority ${MAIN_PRIORITY} table main`;

export const ruleText = (device: string, table: number): string =>
  `priority ${RULE_PRIORITY} iif ${device} table ${table}`;

/** Permanent neighbours as arguments of `ip neighbour replace`. */
async function neighboursOf(namespace: string): Promise<Set<string>> {
  const found = await ip<{ dst: string; dev: string; lladdr?: string }>(
    namespace,
    "neighbour",
    "show",
    "nud",
    "permanent",
  );
  return new Set(found.map(({ dst, dev, lladdr = "" }) => neighbourText(dst, dev, lladdr)));
}

export const neighbourText = (address: string, device: string, mac: string): string =>
  `${address} dev ${device} lladdr ${mac}`;

export async function namespaces(): Promise<Set<string>> {
  const text = await run("ip", ["-j", "netns", "list"]);
  const list = text.trim() === "" ? [] : (JSON.parse(text) as { name: string }[]);
  return new Set(list.map(({ name }) => name));
}
