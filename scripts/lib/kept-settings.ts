/** The settings that a user has changed outlive the lab. */
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { type Lab, labPaths } from "../../test/cloud/lab";
import { services } from "./services";
import { project } from "./state";

/** What the lab itself writes: which node is active means nothing without the lab. */
const own = services.map(({ key }) => `${project}:${key}`);

function settingsOf(text: string): string {
  const { config = {} } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(config).filter(([key]) => !own.includes(key));
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * Puts the stack's configuration aside if it says something that the template does not.
 * @returns the copy, as seen from the checkout; undefined when there was nothing to keep
 */
export function keepSettings(lab: Lab): string | undefined {
  const { stackConfig, stackTemplate } = labPaths(lab);
  if (!fs.existsSync(stackConfig)) return undefined;
  const text = fs.readFileSync(stackConfig, "utf8");
  if (isReadable(text) && settingsOf(text) === settingsOf(fs.readFileSync(stackTemplate, "utf8")))
    return undefined;
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  const kept = path.join(lab.directory, "settings", `Pulumi.${lab.stack}.${time}.yaml`);
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  fs.copyFileSync(stackConfig, kept);
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
