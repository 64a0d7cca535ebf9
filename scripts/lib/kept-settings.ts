/** The settings that a user has changed outlive the lab. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { isActiveSetting } from "../../components/failover/service";
import { type Lab, labPaths } from "../../test/cloud/lab";
import { stackConfigFile } from "./stack-config";
import { project } from "./state";

/** What the lab itself writes: which node is active means nothing without the lab. */
const isLabs = (key: string): boolean => key.startsWith(`${project}:`) && isActiveSetting(key);

function settingsOf(text: string): string {
  const { config = {} } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(config).filter(([key]) => !isLabs(key));
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The stack's configuration as it is; undefined when there is none. */
export function stackSettings({ root, stack }: Lab): string | undefined {
  const file = stackConfigFile(root, stack);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/**
 * Puts a stack's configuration aside if it says something that the template does not. Pulumi removes the file with the
 * stack, so its text was read before.
 * @returns the copy, as seen from the checkout; undefined when there was nothing to keep
 */
export function keepSettings(lab: Lab, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { stackTemplate } = labPaths(lab);
  if (isReadable(text) && settingsOf(text) === settingsOf(fs.readFileSync(stackTemplate, "utf8")))
    return undefined;
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  const kept = path.join(lab.directory, "settings", `Pulumi.${lab.stack}.${time}.yaml`);
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  fs.writeFileSync(kept, text);
  return path.relative(lab.root, kept);
}

/** A file with a mistake in it is kept all the more. */
function isReadable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
