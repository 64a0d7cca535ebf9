/** A path's branches and leaves, as the metadata service lists and tells them. */

export type Leaf = string | Buffer | (() => Promise<string>);

export interface Branch {
  readonly [name: string]: Leaf | Branch;
}

/** Under this name a branch has the text of its listing, where that is not the names below it. */
export const LISTING = Symbol("listing");

type Listed = Branch & { readonly [LISTING]?: string };

/**
 * Looks a path up.
 *
 * @returns the leaf; or the names below a branch, one a line, branches with a slash; undefined if neither is there
 */
export function lookUp(root: Branch, path: string): Leaf | undefined {
  let current: Leaf | Branch | undefined = root;
  for (const step of path.split("/").filter((one) => one !== "")) {
    if (!isBranch(current) || !Object.hasOwn(current, step)) return undefined;
    current = current[step];
  }
  if (!isBranch(current)) return path.endsWith("/") ? undefined : current;
  const names = Object.entries(current).map(([name, child]) => (isBranch(child) ? `${name}/` : name));
  return (current as Listed)[LISTING] ?? names.sort().join("\n");
}

/** The branch without what has no value. */
export function present(entries: Record<string, Leaf | Branch | undefined>): Branch {
  const kept = Object.entries(entries).filter(
    (entry): entry is [string, Leaf | Branch] => entry[1] !== undefined && entry[1] !== "",
  );
  return Object.fromEntries(kept);
}

function isBranch(node: Leaf | Branch | undefined): node is Branch {
  return typeof node === "object" && !Buffer.isBuffer(node);
}
