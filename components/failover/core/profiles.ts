/** What the AWS configuration says about one profile; only as much as is needed to say what is wrong with it. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export type ProfileSettings = Readonly<Record<string, string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the profile's settings of both files, or undefined when neither has it, and where was looked.
 * Format: AWS SDKs and tools reference guide, "Shared config and credentials files".
 */
export function profileSettings(
  profile: string,
  environment: Environment,
): { settings: ProfileSettings | undefined; files: string[] } {
  const home = environment.HOME ?? os.homedir();
  const config = environment.AWS_CONFIG_FILE ?? path.join(home, ".aws", "config");
  const credentials = environment.AWS_SHARED_CREDENTIALS_FILE ?? path.join(home, ".aws", "credentials");
  const found = [
    section(textOf(config), profile === "default" ? ["default", "profile default"] : [`profile ${profile}`]),
    section(textOf(credentials), [profile]),
  ].filter((settings) => settings !== undefined);
  const settings = found.length === 0 ? undefined : Object.assign({}, ...found);
  return { settings: settings as ProfileSettings | undefined, files: [config, credentials] };
}

/** The settings of the sections of these names; nested ones, which are indented, are left out. */
function section(text: string, names: readonly string[]): ProfileSettings | undefined {
  let settings: Record<string, string> | undefined;
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      inside = names.includes(header.replace(/\s+/, " ").replaceAll(/["']/g, ""));
      if (inside) settings ??= {};
      continue;
    }
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && settings !== undefined && key !== undefined && value !== undefined)
      settings[key.toLowerCase()] = value;
  }
  return settings;
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return "";
    throw error;
  }
}
