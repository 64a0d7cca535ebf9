import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownFile } from "./files";

export interface PythonEnvironment {
  /** Absolute path of the environment's interpreter. */
  python: string;
  /** Absolute path of its `bin`: `aws`, `shellcheck`, … */
  binDir: string;
}

const OLDEST_PYTHON: readonly [number, number] = [3, 10];
const COMPLETE = "complete";

/**
 * The Python environment of the fake AWS, built on first use into `cacheDir`.
 *
 * A virtual environment cannot be moved, so each attempt builds in a folder of its own, and a link `python-<key>` is
 * made to point at it once it is complete. A half-finished attempt is therefore never used, and of two
 * concurrent ones the first to finish wins.
 *
 * @param report gets one line for everything that takes time
 * @throws if there is no usable Python, or pip fails: the message says what to install or check
 */
export async function ensurePython(
  cacheDir: string,
  report: (line: string) => void,
): Promise<PythonEnvironment> {
  const requirements = await readFile(ownFile("requirements.txt"), "utf8");
  const version = await pythonVersion();
  const key = createHash("sha256").update(`${version}\n${requirements}`).digest("hex").slice(0, 16);
  const link = join(cacheDir, `python-${key}`);
  const ready = await published(link);
  if (ready !== undefined) return ready;

  await mkdir(cacheDir, { recursive: true });
  await removeAbandoned(cacheDir);
  const home = join(cacheDir, `python-build-${process.pid}-${randomUUID().slice(0, 8)}`);
  try {
    await build(home, requirements, version, report);
    await publish(home, link);
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
  const result = await published(link);
  if (result === undefined) {
    throw new Error(
      `Preparing Python for the fake AWS: ${link} vanished while it was made. Run the command again.`,
    );
  }
  if (result.binDir !== join(home, "bin")) await rm(home, { recursive: true, force: true });
  return result;
}

async function published(link: string): Promise<PythonEnvironment | undefined> {
  const home = await readlink(link).catch(absent);
  if (home === undefined || (await stat(join(home, COMPLETE)).catch(absent)) === undefined) return undefined;
  const binDir = join(home, "bin");
  return { python: join(binDir, "python"), binDir };
}

/** Points the link at the folder, unless it points at a complete one already: that may be in use. */
async function publish(home: string, link: string): Promise<void> {
  try {
    await symlink(home, link);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if ((await published(link)) !== undefined) return;
  const temporary = `${link}.${randomUUID()}`;
  await symlink(home, temporary);
  await rename(temporary, link);
}

async function build(
  home: string,
  requirements: string,
  version: string,
  report: (line: string) => void,
): Promise<void> {
  report(`Python ${version}: making a virtual environment for the fake AWS`);
  await run("python3", ["-m", "venv", home], venvRemedy);
  const list = join(home, "requirements.txt");
  await writeFile(list, requirements);
  report("Python: installing moto, boto3, the AWS CLI and shellcheck (half a minute, about 320 MB, once)");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", list];
  await run(join(home, "bin", "python"), pip, pipRemedy);
  await writeFile(join(home, COMPLETE), `${new Date().toISOString()}\n`);
  report("Python: the fake AWS's packages are installed");
}

/** Folders of attempts whose process is gone and that no link points to. */
async function removeAbandoned(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir);
  const links = names.filter((name) => /^python-[0-9a-f]{16}$/.test(name));
  const inUse = new Set(await Promise.all(links.map((name) => readlink(join(cacheDir, name)).catch(absent))));
  for (const name of names) {
    const pid = /^python-build-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || inUse.has(join(cacheDir, name)) || isAlive(Number(pid))) continue;
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function pythonVersion(): Promise<string> {
  const print = "import sys; print('.'.join(map(str, sys.version_info[:3])))";
  const version = (await run("python3", ["-c", print], pythonRemedy)).trim();
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== OLDEST_PYTHON[0] || minor < OLDEST_PYTHON[1]) {
    throw new Error(
      `Preparing Python for the fake AWS: python3 is ${version}, but moto needs ${OLDEST_PYTHON.join(".")} or newer. ` +
        "Install a newer python3 and put it first on PATH.",
    );
  }
  return version;
}

type Remedy = (found: string) => string;

const pythonRemedy: Remedy = (found) =>
  `python3 cannot be run (${found}). Install it: apt-get install python3 python3-venv`;

const venvRemedy: Remedy = (found) =>
  /ensurepip|No module named venv/.test(found)
    ? "python3 lacks venv or ensurepip. Install them: apt-get install python3-venv"
    : `the virtual environment could not be made: ${found}`;

const pipRemedy: Remedy = (found) =>
  /NewConnectionError|Temporary failure|ConnectTimeout|No matching distribution|Max retries|ProxyError/.test(
    found,
  )
    ? `pip could not fetch the packages: ${found}\n` +
      "Check the network (and pip's own settings: PIP_INDEX_URL, a proxy), then run the command again."
    : `pip failed: ${found}`;

/** Runs a program to its end; standard output, or an error with the remedy for what it printed. */
function run(program: string, args: readonly string[], remedy: Remedy): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (found: string): void => {
      reject(new Error(`Preparing Python for the fake AWS: ${remedy(found)}`));
    };
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
    child.on("error", (error) => {
      fail(error.message);
    });
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else fail((errors + output).trim().split("\n").slice(-6).join("\n") || `exit code ${String(code)}`);
    });
  });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "EINVAL") return undefined;
  throw error;
}
