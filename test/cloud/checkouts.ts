/** Which checkout a lab belongs to: a command works on the lab of its own checkout only. */
import * as fs from "node:fs";
import * as path from "node:path";

/** In a lab's folder: the checkout that it belongs to. */
const mark = (directory: string): string => path.join(directory, "checkout");

/** The variables by which a shell is pointed at a lab. */
export const labVariableNames = ["FAILOVER_LAB_ROOT", "FAILOVER_LAB_DIR", "FAILOVER_LAB_STACK"] as const;

/** Notes in the lab's folder whose it is. */
export function markCheckout(root: string, directory: string): void {
  fs.writeFileSync(mark(directory), `${root}\n`);
}

/**
 * Refuses to work on another checkout's lab: its engine, plugins and stack are that one's, and so is the decision to
 * take it down. A folder within the checkout is its own, also after the checkout was moved.
 * @param environment the shell's, which may come from another checkout's `lab:env`
 * @throws with both checkouts and the way out
 */
export function refuseForeignLab(root: string, directory: string, environment: NodeJS.ProcessEnv): void {
  const owner = environment.FAILOVER_LAB_ROOT ?? (isWithin(root, directory) ? root : noted(directory));
  if (owner === undefined || isSame(owner, root)) return;
  throw new Error(
    `This shell is pointed at the lab of another checkout.\n` +
      `  this checkout:  ${root}\n` +
      `  its shell's:    ${owner} (lab in ${directory})\n` +
      `Nothing was done. To work on that lab: cd ${owner}\n` +
      `To work on this checkout's own: unset ${labVariableNames.join(" ")}`,
  );
}

function noted(directory: string): string | undefined {
  try {
    return fs.readFileSync(mark(directory), "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isWithin(root: string, directory: string): boolean {
  return !path.relative(root, directory).startsWith("..");
}

/** One folder may have several names. */
function isSame(one: string, other: string): boolean {
  return one === other || real(one) === real(other);
}

function real(folder: string): string {
  return fs.existsSync(folder) ? fs.realpathSync(folder) : folder;
}
