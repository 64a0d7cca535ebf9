/** Whatever is interrupted, and however: nothing of it is left running. */
import test from "ava";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../cloud/lab";
import { TestLab } from "../lab/_lab";
import { Counted } from "./_counted";

const root = projectRoot();
const signals = ["SIGINT", "SIGTERM", "SIGKILL"] as const;

/** What an interrupted test or benchmark leaves on the disk. */
function tidyUp(directory: string, stack: string): void {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.rmSync(path.join(root, "stacks", `Pulumi.${stack}.yaml`), { force: true });
}

for (const signal of signals) {
  test.serial(
    `a worker of AVA that ends by ${signal} takes the lab along that it was building`,
    async (t) => {
      const counted = new Counted();
      // The worker alone is hit, as by a time limit or the kernel's want of memory.
      const file = "test/engine/lab/options.test.ts";
      const worker = counted.start("npx", ["ava", "--serial", file]);
      const directory = await counted.gateway();
      const owner = counted.running.find(({ command }) => command.includes("ava/lib/worker/"));
      if (owner === undefined) throw new Error("AVA's worker was not found");
      process.kill(owner.pid, signal);
      t.deepEqual(await counted.left(), []);
      tidyUp(directory, path.basename(directory));
      worker.unref();
    },
  );
}

for (const signal of signals) {
  test.serial(`npm test, ended by ${signal}, leaves no process`, async (t) => {
    const counted = new Counted();
    const { pid } = counted.start("npm", ["test", "--", "test/engine/lab/options.test.ts"]);
    const directory = await counted.gateway();
    process.kill(-pid, signal);
    t.deepEqual(await counted.left(), []);
    tidyUp(directory, path.basename(directory));
  });
}

for (const signal of signals) {
  test.serial(`npm run bench, ended by ${signal}, leaves no process`, async (t) => {
    const counted = new Counted();
    const { pid } = counted.start("npm", ["run", "-s", "bench"]);
    const directory = await counted.gateway();
    process.kill(-pid, signal);
    t.deepEqual(await counted.left(), []);
    tidyUp(directory, "bench");
  });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test.serial(`npm run lab, interrupted by ${signal} when it is first built, leaves nothing`, async (t) => {
    const lab = new TestLab();
    t.teardown(() => lab.remove());
    const counted = new Counted();
    const env = { FAILOVER_LAB_DIR: lab.directory, FAILOVER_LAB_STACK: lab.stack };
    const { pid } = counted.start("npm", ["run", "-s", "lab"], env);
    await counted.gateway();
    process.kill(-pid, signal);
    t.deepEqual(await counted.left(), []);
    t.false(lab.isUp);
    t.false(fs.existsSync(lab.configFile()));
  });
}
