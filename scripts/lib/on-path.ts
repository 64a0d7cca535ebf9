import * as fs from "node:fs";
import * as path from "node:path";

/** The first executable of that name on a PATH-like list of folders. */
export function onPath(name: string, list = process.env.PATH ?? ""): string | undefined {
  return list
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
      } catch {
        return false; // not there, or not ours to run: the next folder may have it
      }
    });
}
