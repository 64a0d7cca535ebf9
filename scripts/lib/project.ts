/** The Pulumi project in a folder, as far as commands need it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { UserError } from "./command";

export interface Project {
  /** Namespace of its settings. */
  readonly name: string;
  /** Folder of the stacks' settings. */
  readonly configFolder: string;
}

/** @throws UserError when there is no project in the folder, or its file can't be read */
export function readProject(folder: string): Project {
  const file = ["Pulumi.yaml", "Pulumi.yml"]
    .map((name) => path.join(folder, name))
    .find((one) => fs.existsSync(one));
  if (file === undefined)
    throw new UserError(`${folder} has no Pulumi.yaml: choose the project's folder with --cwd.`);
  const { name, stackConfigDir = "." } = (parse(fs.readFileSync(file, "utf8")) ?? {}) as Partial<
    Record<"name" | "stackConfigDir", string>
  >;
  if (typeof name !== "string") throw new UserError(`${file} gives its project no name.`);
  return { name, configFolder: path.join(folder, stackConfigDir) };
}
