/** One maker at a time, across processes: a lock file with the maker's pid; a dead maker's lock is taken over. */
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function take(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** A lock without a readable pid is one that is just being written. */
function holder(file: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(file, "utf8"));
    return pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function withLock<T>(
  file: string,
  report: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; !take(file);) {
    const pid = holder(file);
    if (pid !== undefined && !alive(pid)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!told && pid !== undefined)
      report(`Waiting for process ${pid}, which is doing the same set-up (${file}) …`);
    told = told || pid !== undefined;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}
