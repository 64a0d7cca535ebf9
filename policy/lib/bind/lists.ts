import { parseAddress, parseCidr } from "../../../components/network/cidr.plan";
import type { Statement } from "./statements";

const DEPTH = 10;

/**
 * Returns what in an address match list lets anyone in, also through an acl that it names. The first element that
 * matches decides, so that nothing counts after everyone was refused (BIND 9 ARM, "Address Match Lists").
 */
export function openElement(
  conf: readonly Statement[],
  list: readonly Statement[],
  depth = 0,
): string | undefined {
  for (const { words, block } of list) {
    const [word = ""] = words;
    if (word.startsWith("!")) {
      const refused =
        block === undefined ? named(conf, word.slice(1), depth) : openElement(conf, block, depth + 1);
      if (refused !== undefined) return undefined;
      continue;
    }
    const open =
      block === undefined || depth > DEPTH ? named(conf, word, depth) : openElement(conf, block, depth + 1);
    if (open !== undefined) return open;
  }
  return undefined;
}

function named(conf: readonly Statement[], word: string, depth: number): string | undefined {
  if (word === "any" || isWorld(word)) return word;
  const acl = conf.find(({ words }) => words[0] === "acl" && words[1] === word);
  const inner =
    acl?.block === undefined || depth > DEPTH ? undefined : openElement(conf, acl.block, depth + 1);
  return inner === undefined ? undefined : `${inner} (acl ${word})`;
}

/** Larger than any organisation's own block. */
function isWorld(word: string): boolean {
  if (parseAddress(word).ok) return false;
  const cidr = parseCidr(word);
  return cidr.ok && cidr.value.prefix < (cidr.value.family === 4 ? 8 : 16);
}

/** Whether every element is the machine itself, or nobody. */
export function onlyItself(list: readonly Statement[]): boolean {
  return list.every(
    ({ words: [word = ""], block }) => block === undefined && /^(none|127\.[\d./]+|::1(\/128)?)$/.test(word),
  );
}
