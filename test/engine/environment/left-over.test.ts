/** A fake AWS costs 200 MB: none is left when its lab is gone, and none takes another lab's files with it. */
import test, { type ExecutionContext } from "ava";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensurePython } from "../../cloud/api";
import { cloudStatus, startCloudDaemon, stopCloudDaemon } from "../../cloud/daemon";
import { bundleAll } from "../../cloud/engine/bundle";
import { defaultLab, type Lab, labPaths } from "../../cloud/lab";
import { processesMarked, processesWithArguments, untilGone } from "../../cloud/processes";

let python = "";
test.before(async () => {
  const lab = defaultLab();
  bundleAll(lab.root, labPaths(lab).bundles);
  ({ python } = await ensurePython(lab.cacheDir, () => undefined));
});

/** A lab's folder with nothing in it yet. */
function newLab(t: ExecutionContext): Lab {
  const base = defaultLab();
  const tests = path.join(base.root, ".lab", "test");
  fs.mkdirSync(tests, { recursive: true });
  const directory = fs.mkdtempSync(path.join(tests, "left-over-"));
  t.teardown(() => {
    fs.rmSync(directory, { recursive: true, force: true });
  });
  return { ...base, directory, stack: path.basename(directory) };
}

/** Everything of the lab, however it was started. */
const processesOf = (lab: Lab) => processesMarked("FAILOVER_LAB_DIR", lab.directory);

async function gone(t: ExecutionContext, lab: Lab): Promise<void> {
  t.deepEqual(await untilGone(() => processesOf(lab), 10), []);
}

test("a gateway ends, and its moto, when its lab's folder is removed", async (t) => {
  const lab = newLab(t);
  await startCloudDaemon(lab, python);
  t.is(processesOf(lab).length, 2);
  fs.rmSync(lab.directory, { recursive: true });
  await gone(t, lab);
  t.false(fs.existsSync(lab.directory), "it makes no folder again");
});

test("a gateway ends when its lab's folder is moved; the moved lab says so, and can be taken down", async (t) => {
  const lab = newLab(t);
  await startCloudDaemon(lab, python);
  const moved = { ...lab, directory: `${lab.directory}-moved` };
  fs.renameSync(lab.directory, moved.directory);
  t.teardown(() => {
    fs.rmSync(moved.directory, { recursive: true, force: true });
  });
  const status = await cloudStatus(moved);
  t.is(status.state, "died");
  t.regex(status.state === "died" ? status.reason : "", /moved or copied/);
  await gone(t, lab);
  t.deepEqual(await stopCloudDaemon(moved), []);
  t.is((await cloudStatus(moved)).state, "stopped");
});

test("taking down a copy of a lab's folder leaves the original's fake AWS alone", async (t) => {
  const lab = newLab(t);
  await startCloudDaemon(lab, python);
  const copy = { ...newLab(t), stack: lab.stack };
  fs.cpSync(labPaths(lab).cloud, labPaths(copy).cloud);
  await stopCloudDaemon(copy);
  t.is((await cloudStatus(lab)).state, "running");
  await stopCloudDaemon(lab);
  t.deepEqual(processesOf(lab), []);
});

test("a gateway that was replaced ends, and leaves the new one's file", async (t) => {
  const lab = newLab(t);
  const first = await startCloudDaemon(lab, python);
  const second = await startCloudDaemon(lab, python);
  t.deepEqual(await untilGone(() => processesOf(lab).filter(({ pid }) => pid === first.pid), 10), []);
  const status = await cloudStatus(lab);
  t.is(status.state === "running" ? status.record.pid : undefined, second.pid);
  await stopCloudDaemon(lab);
});

test("SIGTERM to a gateway that was replaced leaves the new one's file, too", async (t) => {
  const lab = newLab(t);
  const first = await startCloudDaemon(lab, python);
  const file = labPaths(lab).cloud;
  fs.writeFileSync(file, JSON.stringify({ cloudId: "another" }));
  process.kill(first.pid, "SIGTERM");
  await gone(t, lab);
  t.true(fs.existsSync(file));
});

test("a gateway that is still starting is taken down with its lab", async (t) => {
  const lab = newLab(t);
  const started = startCloudDaemon(lab, python).then(
    () => "ready",
    (error: unknown) => String(error),
  );
  while (processesWithArguments("--ready-file", labPaths(lab).cloud).length === 0) await sleep(5);
  t.deepEqual(await stopCloudDaemon(lab), []);
  t.regex(await started, /did not start/);
  await gone(t, lab);
});

test("what still runs in a lab's environment is told by the end of the lab", async (t) => {
  const lab = newLab(t);
  await startCloudDaemon(lab, python);
  const other = spawn("sleep", ["60"], { env: { ...process.env, FAILOVER_LAB_PROCESS: lab.directory } });
  const left = await stopCloudDaemon(lab);
  t.deepEqual(left, [{ pid: other.pid ?? 0, command: "sleep 60" }]);
  other.kill();
});
