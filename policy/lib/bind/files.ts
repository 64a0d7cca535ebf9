import * as path from "node:path";
import type { Resource } from "../resource";
import { types } from "../types";
import { type BootFile, userDataOf, userDataTypes } from "../user-data";
import { asText } from "../values";
import { forwards, scopesOf } from "./scopes";
import { find, isBalanced, parseNamedConf, type Statement } from "./statements";

/** The configuration of a name server, in one piece. */
export interface NamedConf {
  /** Path of the file on the machine, or how it gets there. */
  readonly path: string;
  readonly conf: readonly Statement[];
}

/** Types that bring a named.conf to a machine: at its first boot, or later by a command over SSH. */
export const namedConfTypes = [...userDataTypes, types.remoteCommand] as const;

const DEPTH = 20;

/** Returns each name server's configuration that a resource brings, with its includes in it. */
export function namedConfsOf(resource: Resource): readonly NamedConf[] {
  const servers = machineConfs(filesOf(resource)).filter(({ conf }) => conf.some(isServer));
  // A script may write a file and copy it to its place.
  const once = new Map(servers.map((server) => [JSON.stringify(server.conf), server]));
  return [...once.values()];
}

/** Whether a resource brings a server that passes questions on. */
export function bringsForwarder(resource: Resource): boolean {
  return namedConfsOf(resource).some(({ conf }) => scopesOf(conf).some(forwards));
}

/** Files of name servers that cannot be read in full. */
export function unreadConfs(resource: Resource): readonly string[] {
  return filesOf(resource)
    .filter(({ path: file, text }) => isOne(file, text) && !isBalanced(text))
    .map(({ path: file }) => file);
}

function filesOf(resource: Resource): readonly BootFile[] {
  if (resource.type !== types.remoteCommand) return userDataOf(resource).files;
  return [{ path: "a named.conf by its stdin", text: asText(resource.props.stdin) ?? "" }];
}

/** Statements that only a name server's own configuration has. */
function isServer({ words, block }: Statement): boolean {
  if (block === undefined) return false;
  if (words[0] === "view" || words[0] === "zone") return true;
  return (
    words[0] === "options" &&
    block.some(({ words: [word = ""] }) =>
      /^(forward|recursion|allow-|listen-on|dnssec-|directory$|zone-stat)/.test(word),
    )
  );
}

function machineConfs(files: readonly BootFile[]): NamedConf[] {
  const everything = new Map(files.map(({ path: file, text }) => [file, text]));
  const parsed = new Map(
    files
      .filter(({ path: file, text }) => isOne(file, text))
      .map(({ path: file, text }) => [file, parseNamedConf(text)]),
  );
  const included = new Set<string>();
  const whole = [...parsed].map(([file, conf]) => ({
    path: file,
    conf: expanded(everything, file, conf, included),
  }));
  const roots = whole.filter(({ path: file }) => !included.has(file));
  // Distributions bring a named.conf that includes files beside it; who writes those only configures one server.
  return [...byFolder(roots).values()].flatMap((group) => {
    const own = group.filter(({ path: file }) => path.posix.basename(file) === "named.conf");
    const pieces = group.filter((one) => !own.includes(one) && isPiece(one.path));
    const rest = group.filter((one) => !own.includes(one) && !pieces.includes(one));
    if (own.length > 0 || pieces.length === 0) return [...own, ...rest];
    const main = pieces.find(({ conf }) => find(conf, "options") !== undefined) ?? pieces[0];
    return [{ path: main?.path ?? "", conf: pieces.flatMap(({ conf }) => conf) }, ...rest];
  });
}

function byFolder(roots: readonly NamedConf[]): ReadonlyMap<string, NamedConf[]> {
  const groups = new Map<string, NamedConf[]>();
  for (const root of roots) {
    const folder = path.posix.dirname(root.path);
    groups.set(folder, [...(groups.get(folder) ?? []), root]);
  }
  return groups;
}

/** Debian's named.conf.options, .local and .default-zones; SUSE's named.conf.include. */
function isPiece(file: string): boolean {
  return /^named\.conf\.[\w-]+$/.test(path.posix.basename(file));
}

/** By name, or by what is in it: includes may have any name, and a script may write to a name that is not known. */
function isOne(file: string, text: string): boolean {
  if (/named.*\.conf|\/bind\/|\/named\.d\/|\/named\//.test(file) && /[{;]/.test(text)) return true;
  return (
    /\b(options|view\s+\S+|zone\s+\S+|acl\s+\S+)[^{};\n]*\{/.test(text) &&
    /\b(forwarders|recursion|allow-query|allow-recursion)\b/.test(text)
  );
}

/** The statements of a file, with those of the files that it includes in the place of each include. */
function expanded(
  texts: ReadonlyMap<string, string>,
  file: string,
  conf: readonly Statement[],
  included: Set<string>,
  depth = 0,
): readonly Statement[] {
  return conf.flatMap((statement) => {
    const { words, block } = statement;
    if (words[0] === "include" && block === undefined && depth < DEPTH) {
      return found([...texts.keys()], file, words[1] ?? "").flatMap((name) => {
        if (name === file) return [];
        included.add(name);
        return expanded(texts, name, parseNamedConf(texts.get(name) ?? ""), included, depth + 1);
      });
    }
    return block === undefined
      ? [statement]
      : [{ words, block: expanded(texts, file, block, included, depth) }];
  });
}

/** Files that an include names: one, or all that match its asterisk. A relative name is one from the server's folder. */
function found(files: readonly string[], from: string, name: string): string[] {
  const wanted = path.posix.resolve(path.posix.dirname(from), name);
  const exact = files.filter((file) => file === wanted);
  if (exact.length > 0) return exact;
  const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const source = (name.startsWith("/") ? wanted : `/${name}`).split("*").map(escaped).join("[^/]*");
  const pattern = new RegExp(`${name.startsWith("/") ? "^" : ""}${source}$`);
  return files.filter((file) => pattern.test(file));
}
