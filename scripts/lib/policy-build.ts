/** What is made from the policy pack's sources and kept in git. */
import * as fs from "node:fs";
import * as path from "node:path";
import { unscopedActionsFile } from "./policy-actions";
import { packCode, packFile } from "./policy-bundle";
import { renewed } from "./policy-table";

export interface Made {
  readonly file: string;
  /** Made when it is asked for: the bundle holds what comes before it. */
  readonly content: () => Promise<string>;
}

export function madeFiles(root: string): readonly Made[] {
  const readme = path.join(root, "policy", "README.md");
  return [
    { file: path.join(root, "policy", "lib", "unscoped-actions.ts"), content: unscopedActionsFile },
    { file: readme, content: () => renewed(fs.readFileSync(readme, "utf8")) },
    { file: packFile(root), content: () => packCode(root) },
  ];
}
