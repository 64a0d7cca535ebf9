/** The folder that the engine is run from: the CLI, what it starts beside it, and a private PULUMI_HOME. */
import * as fs from "node:fs";
import * as path from "node:path";
import { bundlePath, type Program } from "./bundle";
import type { Engine } from "./ensure";
import { pluginVersion } from "./versions";

export interface EngineHome {
  /** Folder with `pulumi`, the language host and the dynamic provider's launcher: first on PATH. */
  readonly bin: string;
  readonly pulumiHome: string;
}

function script(file: string, lines: readonly string[]): void {
  const text = ["#!/bin/sh", ...lines, ""].join("\n");
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, text, { mode: 0o755 });
  fs.renameSync(`${file}.new`, file);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const node = quote(process.execPath);

/** A link where the file system allows one: the CLI looks for plugins beside the file that it really is. */
function place(pulumi: string, target: string): void {
  const source = fs.statSync(pulumi);
  if (fs.existsSync(target)) {
    const there = fs.statSync(target);
    if (there.ino === source.ino || (there.size === source.size && there.mtimeMs >= source.mtimeMs)) return;
  }
  fs.rmSync(target, { force: true });
  try {
    fs.linkSync(pulumi, target);
  } catch (error) {
    if (!["EXDEV", "EPERM", "EMLINK"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    fs.copyFileSync(pulumi, target);
  }
}

/** Installs a stand-in plugin where `pulumi plugin install` would put the official one. */
function plugin(pulumiHome: string, name: "aws" | "command", version: string, program: string): void {
  const folder = path.join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  script(path.join(folder, `pulumi-resource-${name}`), [`exec ${program} "$@"`]);
}

const pulumisProvider = "@pulumi/pulumi/cmd/dynamic-provider";

/**
 * Whether dynamic providers run as with the official CLI: Pulumi's own script, started by Node without anything of
 * ours. FAILOVER_LAB_DYNAMIC_PROVIDER=plain asks for it, so that CI can prove that nothing depends on what we add.
 */
function plainProvider(): boolean {
  const choice = process.env.FAILOVER_LAB_DYNAMIC_PROVIDER ?? "bundled";
  if (choice === "bundled" || choice === "plain") return choice === "plain";
  throw new Error(`FAILOVER_LAB_DYNAMIC_PROVIDER is ${choice}; use plain or bundled (the default).`);
}

/** `pulumi` in a shell of the lab: in the checkout it waits for its turn, as the commands do; elsewhere it is the CLI. */
function shellPulumi(root: string, directory: string, bin: string): void {
  script(path.join(directory, "shell", "pulumi"), [
    `[ "$(pwd -P)" = ${quote(fs.realpathSync(root))} ] && [ $# -gt 0 ] && exec ${node} ${quote(path.join(root, "scripts", "run.cjs"))} pulumi "$@"`,
    `exec ${quote(path.join(bin, "pulumi"))} "$@"`,
  ]);
}

/**
 * @param directory the lab's folder
 * @param bundles where the bundles lie
 */
export function prepareHome(root: string, directory: string, bundles: string, engine: Engine): EngineHome {
  const bin = path.join(directory, "bin");
  const pulumiHome = path.join(directory, "pulumi-home");
  const at = (program: Program): string => bundlePath(bundles, program);
  const loader = (file: string): string => quote(path.join(root, "components/loader", file));
  const start = (program: Program): string => `${loader("start.cjs")} ${quote(at(program))}`;
  const guarded = (program: Program): string => `${node} -r ${quote(at("orphan-guard"))} ${start(program)}`;
  fs.mkdirSync(bin, { recursive: true });
  if (engine.complete) {
    // The official CLI stays where it is, beside what belongs to it.
    script(path.join(bin, "pulumi"), [`exec ${quote(engine.pulumi)} "$@"`]);
  } else {
    place(engine.pulumi, path.join(bin, "pulumi"));
    script(path.join(bin, "pulumi-language-nodejs"), [`exec ${node} ${start("language-host")} "$@"`]);
    const ours = `-r ${loader("slow-packages.cjs")} -r ${quote(at("orphan-guard"))} ${start("dynamic-provider")}`;
    const arguments_ = plainProvider() ? quote(require.resolve(pulumisProvider, { paths: [root] })) : ours;
    script(path.join(bin, "pulumi-resource-pulumi-nodejs"), [`exec ${node} ${arguments_} "$@"`]);
  }
  shellPulumi(root, directory, bin);
  const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  plugin(pulumiHome, "aws", pluginVersion("@pulumi/aws", manifest), guarded("aws"));
  plugin(pulumiHome, "command", pluginVersion("@pulumi/command", manifest), guarded("command"));
  return { bin, pulumiHome };
}
