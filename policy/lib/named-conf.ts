import { parseAddress, parseCidr } from "../../components/network/cidr.plan";

/** A statement of named.conf: its words, and the statements in its braces if it has any. */
export interface Statement {
  readonly words: readonly string[];
  readonly block?: readonly Statement[];
}

/** Reads named.conf's grammar: words, strings, braces and semicolons, with three kinds of comments. */
export function parseNamedConf(text: string): readonly Statement[] {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/g, (found) =>
    found.startsWith('"') ? found : " ",
  );
  const tokens = bare.match(/"(?:[^"\\]|\\.)*"|[{};]|[^\s{};"]+/g) ?? [];
  return statements(tokens.values());
}

function statements(tokens: Iterator<string>): Statement[] {
  const found: Statement[] = [];
  let words: string[] = [];
  let block: Statement[] | undefined;
  for (let token = tokens.next(); token.done !== true; token = tokens.next()) {
    if (token.value === "}") break;
    if (token.value === "{") block = statements(tokens);
    else if (token.value === ";") {
      if (words.length > 0 || block !== undefined) found.push(block ? { words, block } : { words });
      [words, block] = [[], undefined];
    } else words.push(token.value.replace(/^"|"$/g, ""));
  }
  return found;
}

function find(list: readonly Statement[], word: string): Statement | undefined {
  return list.find(({ words }) => words[0] === word);
}

/** Everything because of which a forwarder would ask the internet, or answer to anyone. */
export function namedConfMistakes(text: string): string[] {
  const conf = parseNamedConf(text);
  const options = find(conf, "options")?.block ?? [];
  return [...forwardMistakes(conf, options), ...aclMistakes(conf, options)];
}

function forwardMistakes(conf: readonly Statement[], options: readonly Statement[]): string[] {
  const mistakes: string[] = [];
  const mode = find(options, "forward")?.words[1];
  if ((find(options, "forwarders")?.block ?? []).length === 0)
    mistakes.push("names no forwarders in its options");
  if (mode !== "only") mistakes.push(`has forward ${mode ?? "first (the default)"} in its options`);
  for (const zone of conf.filter(({ words }) => words[0] === "zone")) {
    if (find(zone.block ?? [], "type")?.words[1] !== "forward") continue;
    const own = find(zone.block ?? [], "forward")?.words[1];
    if (own !== "only")
      mistakes.push(`has forward ${own ?? "first (the default)"} in zone ${zone.words[1] ?? ""}`);
  }
  return mistakes;
}

const asking = ["allow-query", "allow-recursion", "allow-query-cache"] as const;

function aclMistakes(conf: readonly Statement[], options: readonly Statement[]): string[] {
  return asking.flatMap((name) => {
    const list = find(options, name)?.block;
    // Only allow-query is open by default; the others follow it, or each other (BIND 9 ARM, "Access Control").
    if (list === undefined) return name === "allow-query" ? ["has no allow-query, so anyone may ask"] : [];
    const open = openElement(conf, list);
    return open === undefined ? [] : [`has ${open} in ${name}`];
  });
}

/** What lets anyone in, also through an acl that it names. */
function openElement(conf: readonly Statement[], list: readonly Statement[], depth = 0): string | undefined {
  for (const { words, block } of list) {
    const [word = ""] = words;
    if (block !== undefined) {
      const inner = openElement(conf, block, depth + 1);
      if (inner !== undefined) return inner;
    }
    if (word === "any" || isWorld(word)) return word;
    const acl = conf.find((statement) => statement.words[0] === "acl" && statement.words[1] === word);
    const inner =
      acl?.block === undefined || depth > 10 ? undefined : openElement(conf, acl.block, depth + 1);
    if (inner !== undefined) return `${inner} (acl ${word})`;
  }
  return undefined;
}

/** Larger than any organisation's own block. */
function isWorld(word: string): boolean {
  if (parseAddress(word).ok) return false;
  const cidr = parseCidr(word);
  return cidr.ok && cidr.value.prefix < (cidr.value.family === 4 ? 8 : 16);
}
