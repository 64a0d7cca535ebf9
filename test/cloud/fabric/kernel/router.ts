/** Makes a router's kernel state what its plan says, by the differences alone: what is as it should be isn't touched. */
import type { LinkEnd, RouterPlan } from "../plan/types";
import { run, shell } from "./run";
import { MAIN_RULE, neighbourText, routeKey, type RouterState, routeText, ruleText } from "./state";

const MAKE = `
[ -e "/run/netns/$1" ] || ip netns add "$1"
ip -n "$1" link set lo up
ip netns exec "$1" sh -euc '
  for at in all default; do
    echo 0 >/proc/sys/net/ipv4/conf/$at/rp_filter
    echo 0 >/proc/sys/net/ipv4/conf/$at/send_redirects
    echo 0 >/proc/sys/net/ipv4/conf/$at/accept_redirects
    echo 1 >/proc/sys/net/ipv6/conf/$at/disable_ipv6
  done
  echo 1 >/proc/sys/net/ipv4/fib_multipath_hash_policy
  echo 1 >/proc/sys/net/ipv4/ip_forward'
`;

export async function makeRouter(namespace: string): Promise<void> {
  await shell(MAKE, namespace);
}

/**
 * Makes what differs.
 *
 * @param ends those of its links; the links are there
 * @param present what there is
 * @returns what there is now
 */
export async function configureRouter(
  plan: RouterPlan,
  ends: readonly LinkEnd[],
  present: RouterState,
): Promise<RouterState> {
  const wanted = wantedState(plan, ends);
  const has = (device: string): readonly string[] => present.devices.get(device)?.addresses ?? [];
  const commands = [
    ...[...wanted.devices].flatMap(([name, { addresses }]) => addressCommands(name, addresses, has(name))),
    ...[...wanted.devices.keys()]
      .filter((name) => present.devices.get(name)?.up !== true)
      .map((name) => `link set ${name} up`),
    ...missing(wanted.neighbours, present.neighbours).map(
      (text) => `neighbour replace ${text} nud permanent`,
    ),
    // A route is replaced, never taken away and put back: in between, packets would be lost.
    ...[...wanted.routes].flatMap(([key, text]) =>
      present.routes.get(key) === text ? [] : [`route replace ${text}`],
    ),
    ...missing(wanted.rules, present.rules).map((text) => `rule add ${text}`),
    ...missing(present.rules, wanted.rules).map((text) => `rule del ${text}`),
    ...[...present.routes].flatMap(([key, text]) => (wanted.routes.has(key) ? [] : [`route del ${text}`])),
  ];
  if (commands.length > 0) await batch(plan.namespace, commands);
  return wanted;
}

function wantedState(plan: RouterPlan, ends: readonly LinkEnd[]): RouterState {
  return {
    devices: new Map([
      ["lo", { up: true, addresses: [LOOPBACK, ...plan.services] }],
      ...ends.map(({ name, addresses }) => [name, { up: true, addresses }] as const),
    ]),
    routes: new Map(plan.routes.map((route) => [routeKey(route.table, route.destination), routeText(route)])),
    rules: new Set([MAIN_RULE, ...plan.rules.map(({ device, table }) => ruleText(device, table))]),
    neighbours: new Set(
      plan.neighbours.map(({ address, device, mac }) => neighbourText(address, device, mac)),
    ),
  };
}

const LOOPBACK = "127.0.0.1/8";

function addressCommands(device: string, wanted: readonly string[], present: readonly string[]): string[] {
  return [
    ...missing(wanted, new Set(present)).map((address) => `address add ${address} dev ${device}`),
    ...missing(present, new Set(wanted)).map((address) => `address del ${address} dev ${device}`),
  ];
}

function missing(wanted: Iterable<string>, present: ReadonlySet<string>): string[] {
  return [...new Set(wanted)].filter((one) => !present.has(one));
}

/** Runs commands of ip in a namespace, all by one program. @throws with the line that failed */
export async function batch(namespace: string, commands: readonly string[]): Promise<void> {
  try {
    await run("ip", ["-n", namespace, "-batch", "-"], `${commands.join("\n")}\n`);
  } catch (error) {
    const line = Number(/Command failed -:(\d+)/.exec(String(error))?.[1] ?? 0);
    throw new Error(`In ${namespace}: ip ${commands[line - 1] ?? ""}: ${String(error)}`, { cause: error });
  }
}
