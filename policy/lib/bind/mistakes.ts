import { containsAddress, parseCidr } from "../../../components/network/cidr.plan";
import { openElement } from "./lists";
import { addresses, forwardZones, type Scope, forwards, isLocal, recurses, scopesOf } from "./scopes";
import { find, type Statement } from "./statements";

/** What is wrong, as the end of a sentence that begins with the file, and what to do. */
export interface Mistake {
  readonly found: string;
  readonly remedy: string;
}

const remedies = {
  mode: "write forward only",
  list: "put the clients' own blocks into an acl, and name it in allow-query, allow-recursion and allow-query-cache",
  dnssec: "set dnssec-validation no, or list the private zones in validate-except",
};

/** Everything because of which a name server would ask the internet for private names, or answer to anyone. */
export function namedConfMistakes(conf: readonly Statement[]): readonly Mistake[] {
  const scopes = scopesOf(conf).filter(recurses);
  return scopes.flatMap((scope) => [
    ...modeMistakes(scope).map((found) => ({ found, remedy: remedies.mode })),
    ...listMistakes(scope).map((found) => ({ found, remedy: remedies.list })),
    ...dnssecMistakes(scope).map((found) => ({ found, remedy: remedies.dnssec })),
  ]);
}

function modeMistakes(scope: Scope): string[] {
  const first = "first (the default)";
  const mistakes: string[] = [];
  const mode = scope.says("forward")?.words[1];
  if (addresses(scope.says("forwarders")).length > 0 && mode !== "only" && !isVariable(mode)) {
    mistakes.push(`has forward ${mode ?? first} in ${scope.name}`);
  }
  for (const { words, block = [] } of forwardZones(scope)) {
    const own = find(block, "forward")?.words[1];
    if (own !== "only" && !isVariable(own))
      mistakes.push(`has forward ${own ?? first} in zone ${words[1] ?? ""}`);
  }
  return mistakes;
}

/**
 * Who may ask for names that are not the server's own. Of the three lists, each that is left out is as wide as one of
 * the others, and where none is there, the server answers to its own networks only (BIND 9 ARM, "Access Control").
 */
function listMistakes(scope: Scope): string[] {
  const { conf, says, clients, name } = scope;
  if (clients !== undefined && openElement(conf, clients) === undefined) return [];
  // A piece of a configuration, whose options lie in a file that others brought.
  if (isLocal(scope) || (clients === undefined && find(conf, "options") === undefined)) return [];
  const where = name === "its options" ? "" : ` in ${name}`;
  const list = (word: string) => says(word)?.block;
  const given = ["allow-query", "allow-recursion", "allow-query-cache"] as const;
  const open = given.flatMap((word) => {
    const found = openElement(conf, list(word) ?? []);
    return found === undefined ? [] : [{ word, text: `has ${found} in ${word}${where}` }];
  });
  const recursion = list("allow-recursion") ?? list("allow-query-cache");
  if (recursion === undefined) {
    if (list("allow-query") === undefined && forwards(scope))
      return [`has no allow-query${where}, so anyone may ask`];
    return open.map(({ text }) => text);
  }
  // An open allow-query with a closed allow-recursion is how a server of public zones looks; a forwarder has none.
  const wide = open.filter(({ word }) => word !== "allow-query" || forwards(scope) || open.length > 1);
  return wide.map(({ text }) => text);
}

/** RFC 1918, RFC 6598, RFC 4193, and the VPC's resolver at its link-local address. */
const internal = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.169.253/32",
  "fc00::/7",
].flatMap((text) => {
  const cidr = parseCidr(text);
  return cidr.ok ? [cidr.value] : [];
});
const isInternal = (address: string): boolean => internal.some((block) => containsAddress(block, address));

/** Answers of private zones have no signatures, so that a server that validates refuses them where their parent is signed. */
function dnssecMistakes(scope: Scope): string[] {
  const value = scope.says("dnssec-validation")?.words[1];
  const off =
    /^(no|false|0)$/i.test(value ?? "") ||
    /^(no|false|0)$/i.test(scope.says("dnssec-enable")?.words[1] ?? "");
  if (off || isVariable(value)) return [];
  const excepted = (scope.says("validate-except")?.block ?? []).map(({ words }) => dotless(words[0] ?? ""));
  const isExcepted = (zone: string): boolean =>
    excepted.some((name) => name === "" || zone === name || zone.endsWith(`.${name}`));
  const zones = forwardZones(scope)
    .filter(({ block = [] }) => addresses(find(block, "forwarders")).some(isInternal))
    .map(({ words }) => dotless(words[1] ?? ""))
    .filter((zone) => !isExcepted(zone));
  const all = addresses(scope.says("forwarders")).some(isInternal) && excepted.length === 0;
  if (!all && zones.length === 0) return [];
  const what = all ? "names of private zones" : zones.join(" and ");
  return [
    `has dnssec-validation ${value ?? "auto (the default)"} in ${scope.name}, and forwards ${what}, which cannot be signed`,
  ];
}

const dotless = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** What a script or template fills in at boot is not known here. */
function isVariable(word: string | undefined): boolean {
  return word !== undefined && /[$%<]/.test(word);
}
