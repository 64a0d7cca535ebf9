/**
 * Settings of a pair's nodes whose change takes a node down: which node gets them in this update. One node at a time,
 * and never one that has a service: who wants those changed fails over first.
 */

/** What a node is made with; a change stops it (the type) or replaces it (the key, another architecture). */
export interface NodeSettings {
  readonly instanceType: string;
  /** EC2 key pair. */
  readonly keyName?: string;
}

/** A node as it is. */
export interface NodeNow {
  readonly settings: NodeSettings;
  /** The services that it has, as people call them. */
  readonly services: readonly string[];
}

export interface RollOut {
  /** What each node is to have after this update. */
  readonly nodes: Readonly<Record<string, NodeSettings>>;
  /** The node that this update changes. */
  readonly next?: string;
  /** Nodes that wait for a later update, and why. */
  readonly waiting: readonly { readonly node: string; readonly reason: string }[];
}

export function sameSettings(one: NodeSettings, other: NodeSettings): boolean {
  return one.instanceType === other.instanceType && (one.keyName ?? "") === (other.keyName ?? "");
}

/** @param now the nodes that exist; one that doesn't is made with what is wanted */
export function planRollOut(
  names: readonly string[],
  wanted: NodeSettings,
  now: Readonly<Record<string, NodeNow | undefined>>,
): RollOut {
  const due = names.flatMap((node) => {
    const found = now[node];
    return found === undefined || sameSettings(found.settings, wanted) ? [] : [{ node, ...found }];
  });
  const next = due.find(({ services }) => services.length === 0)?.node;
  const waiting = due
    .filter(({ node }) => node !== next)
    .map(({ node, services }) => ({
      node,
      reason:
        services.length > 0
          ? `it has ${services.join(" and ")}: fail over first, then run this again`
          : "one node in one update: run this again",
    }));
  const nodes = names.map((node) => {
    const waits = waiting.some((one) => one.node === node);
    return [node, waits ? (now[node]?.settings ?? wanted) : wanted];
  });
  return { nodes: Object.fromEntries(nodes) as RollOut["nodes"], next, waiting };
}
