import { onlyItself } from "./lists";
import { find, type Statement } from "./statements";

/**
 * One set of answers that a name server gives: the whole server, or one of its views. What a view does not say, the
 * options say (BIND 9 ARM, "view Block Definition and Usage").
 */
export interface Scope {
  /** For messages: `its options`, `view internal`. */
  readonly name: string;
  readonly conf: readonly Statement[];
  /** Statement of a name that holds here. */
  readonly says: (word: string) => Statement | undefined;
  readonly zones: readonly Statement[];
  /** Who sees this view; undefined: anyone. */
  readonly clients?: readonly Statement[];
}

export function scopesOf(conf: readonly Statement[]): readonly Scope[] {
  const options = find(conf, "options")?.block ?? [];
  const zonesIn = (list: readonly Statement[]) => list.filter(({ words }) => words[0] === "zone");
  const views = conf.filter(({ words, block }) => words[0] === "view" && block !== undefined);
  if (views.length === 0) {
    return [{ name: "its options", conf, says: (word) => find(options, word), zones: zonesIn(conf) }];
  }
  return views.map(({ words, block = [] }) => ({
    name: `view ${words[1] ?? ""}`,
    conf,
    says: (word) => find(block, word) ?? find(options, word),
    zones: zonesIn(block),
    clients: find(block, "match-clients")?.block,
  }));
}

const on = (value: string | undefined): boolean => !/^(no|false|0)$/i.test(value ?? "yes");

/** Recursion is on where nothing is said. */
export function recurses({ says }: Scope): boolean {
  return on(says("recursion")?.words[1]);
}

export function addresses(statement: Statement | undefined): readonly string[] {
  return (statement?.block ?? []).map(({ words }) => words[0] ?? "");
}

export function forwardZones({ zones }: Scope): readonly Statement[] {
  return zones.filter(
    ({ block = [] }) =>
      find(block, "type")?.words[1] === "forward" && addresses(find(block, "forwarders")).length > 0,
  );
}

/** A cache for the machine that it runs on, which nobody else can ask. */
export function isLocal({ says }: Scope): boolean {
  const lists = ["listen-on", "listen-on-v6"].map((word) => says(word)?.block);
  return lists[0] !== undefined && lists.every((list) => list === undefined || onlyItself(list));
}

/** Whether questions are passed on to other servers for others. A server of its own zones, or one that asks the roots, is none. */
export function forwards(scope: Scope): boolean {
  return (
    recurses(scope) &&
    !isLocal(scope) &&
    (addresses(scope.says("forwarders")).length > 0 || forwardZones(scope).length > 0)
  );
}
