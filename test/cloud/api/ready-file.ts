/**
 * The file by which a fake AWS says that it serves. It is also its licence: a fake AWS whose file is gone, or tells of
 * another one, is of no use to anybody, since nobody can find it, and it ends.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

export interface ReadyFile {
  /** Why the file isn't this cloud's any more; undefined while it is. */
  lost(): string | undefined;
  /** Removes it if it is still this cloud's. */
  remove(): void;
}

/** Writes the file, whole or not at all. @param ready has the cloud's own id */
export function writeReadyFile(file: string, ready: { readonly cloudId: string }): ReadyFile {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(ready, undefined, 2)}\n`);
  renameSync(partial, file);
  const lost = (): string | undefined => {
    const text = textOf(file);
    if (text === undefined) return `${file} is gone`;
    return text.includes(JSON.stringify(ready.cloudId)) ? undefined : `${file} tells of another fake AWS`;
  };
  return {
    lost,
    remove: () => {
      if (lost() === undefined) rmSync(file, { force: true });
    },
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
