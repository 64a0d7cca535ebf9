import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PRIVATE } from "../names";

/** A host's control group: all that ever runs in it, which can be frozen and killed as one. */
export class ControlGroup {
  readonly path: string;

  constructor(lab: string, host: string) {
    this.path = path.join(PRIVATE.cgroups, lab, host);
  }

  make(): void {
    fs.mkdirSync(this.path, { recursive: true });
  }

  freeze(frozen: boolean): void {
    fs.writeFileSync(path.join(this.path, "cgroup.freeze"), frozen ? "1" : "0");
  }

  kill(): void {
    if (fs.existsSync(this.path)) fs.writeFileSync(path.join(this.path, "cgroup.kill"), "1");
  }

  /** Its processes have been killed; the kernel needs a moment to see them off. */
  async remove(): Promise<void> {
    const deadline = Date.now() + 5000;
    while (fs.existsSync(this.path)) {
      try {
        removeFolders(this.path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EBUSY" || Date.now() > deadline) throw error;
        await sleep(20);
      }
    }
  }
}

/** A control group is a folder whose files the kernel makes: only folders are removed, the innermost first. */
export function removeFolders(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeFolders(path.join(folder, entry.name));
  }
  fs.rmdirSync(folder);
}
