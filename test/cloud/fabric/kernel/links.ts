import { type Link, type LinkEnd, MTU } from "../plan/types";
import { run, shell } from "./run";

/** The veth pairs between routers, and from them to hosts. */
export class Links {
  /** What was made, by its first end. */
  private readonly made = new Map<string, string>();

  /**
   * Makes the links that are missing or lead elsewhere, and removes those that nobody wants any more.
   *
   * @param devices what there is, by namespace; undefined where nobody has looked: it is as it was made
   */
  async configure(links: readonly Link[], devices: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    const wanted = new Map(links.map((link) => [placeOf(link), link]));
    for (const [place, note] of this.made) {
      const [namespace = "", name = ""] = place.split("/");
      // Whoever removes one end removes the other, too.
      const isThere = devices.get(namespace)?.has(name) ?? true;
      const link = wanted.get(place);
      if (isThere && link !== undefined && noteOf(link) === note) continue;
      await removeLink(namespace, name);
      this.made.delete(place);
    }
    for (const [place, link] of wanted) {
      if (this.made.has(place)) continue;
      await makeLink(link);
      this.made.set(place, noteOf(link));
    }
  }
}

const placeOf = ({ ends: [near] }: Link): string => `${near.namespace}/${near.name}`;

const noteOf = ({ ends }: Link): string => JSON.stringify(ends);

async function removeLink(namespace: string, name: string): Promise<void> {
  const script = 'ip -n "$1" link delete "$2" 2>/dev/null || ! ip -n "$1" link show "$2" >/dev/null 2>&1';
  await shell(script, namespace, name);
}

async function makeLink({ ends: [near, far] }: Link): Promise<void> {
  const address = far.mac === undefined ? [] : ["address", far.mac];
  const ours = ["link", "add", near.name, "mtu", String(MTU), "netns", near.namespace, "type", "veth"];
  const theirs = ["peer", "name", far.name, ...address, "mtu", String(MTU), "netns", far.namespace];
  await run("ip", [...ours, ...theirs]);
  for (const end of [near, far]) if (end.proxyArp) await standForNeighbours(end);
}

/** Lets a router answer for its neighbours, at once; by itself the kernel takes up to 0.8 s (proxy_delay, arp(7)). */
async function standForNeighbours({ namespace, name }: LinkEnd): Promise<void> {
  const script = `
    echo 1 >"/proc/sys/net/ipv4/conf/$1/proxy_arp"
    echo 0 >"/proc/sys/net/ipv4/neigh/$1/proxy_delay"`;
  await run("ip", ["netns", "exec", namespace, "sh", "-euc", script, "sh", name]);
}
