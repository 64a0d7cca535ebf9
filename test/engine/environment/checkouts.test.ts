/** A command works on the lab of its own checkout, whatever the shell is pointed at. */
import test from "ava";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensurePython } from "../../cloud/api";
import { markCheckout } from "../../cloud/checkouts";
import { cloudStatus, startCloudDaemon, stopCloudDaemon } from "../../cloud/daemon";
import { bundleAll } from "../../cloud/engine/bundle";
import { type Lab, labPaths, ownLab } from "../../cloud/lab";

const root = ownLab().root;
const tests = path.join(root, ".lab", "test");
fs.mkdirSync(tests, { recursive: true });
const directory = fs.mkdtempSync(path.join(tests, "checkouts-"));
const lab: Lab = { ...ownLab(), directory, stack: path.basename(directory) };
const other = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "other-checkout-")));

/** Commands that work on a lab. */
const commands: readonly (readonly string[])[] = [
  ["lab"],
  ["lab:down"],
  ["lab:env"],
  ["pulumi", "--", "preview"],
  ["failover", "--", "overlay", "node2"],
  ["policy"],
];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function inOther(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile("npm", ["run", "-s", ...command], { cwd: other, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

test.before(async () => {
  for (const name of ["scripts", "components", "stacks", "policy", "test/cloud"])
    fs.cpSync(path.join(root, name), path.join(other, name), { recursive: true });
  for (const name of ["package.json", "package-lock.json", "Pulumi.yaml", "tsconfig.json"])
    fs.copyFileSync(path.join(root, name), path.join(other, name));
  fs.symlinkSync(path.join(root, "node_modules"), path.join(other, "node_modules"));
  bundleAll(root, labPaths(lab).bundles);
  markCheckout(root, directory);
  const { python } = await ensurePython(lab.cacheDir, () => undefined);
  await startCloudDaemon(lab, python);
});
test.after.always(async () => {
  await stopCloudDaemon(lab);
  for (const folder of [directory, other]) fs.rmSync(folder, { recursive: true, force: true });
});

const shells: readonly (readonly [how: string, environment: NodeJS.ProcessEnv])[] = [
  [
    "that used its lab:env",
    { FAILOVER_LAB_ROOT: root, FAILOVER_LAB_DIR: directory, FAILOVER_LAB_STACK: lab.stack },
  ],
  ["that names its folder", { FAILOVER_LAB_DIR: directory }],
];

for (const [how, environment] of shells) {
  for (const command of commands) {
    // To point a shell elsewhere is what lab:env is for.
    if (command[0] === "lab:env" && environment.FAILOVER_LAB_ROOT !== undefined) continue;
    test.serial(
      `npm run ${command[0] ?? ""} refuses another checkout's lab, in a shell ${how}`,
      async (t) => {
        const { code, stderr } = await inOther(command, environment);
        t.not(code, 0);
        t.true(stderr.includes(root) && stderr.includes(other), stderr);
        t.regex(stderr, /Nothing was done[^]*cd [^]*unset FAILOVER_LAB_ROOT/);
        t.is((await cloudStatus(lab)).state, "running");
      },
    );
  }
}

test.serial("the way out that the refusal names works", async (t) => {
  const { code, stderr } = await inOther(["lab:down"], {});
  t.is(code, 0, stderr);
  t.is((await cloudStatus(lab)).state, "running");
});

test.serial("lab:env of the own checkout takes the shell over, or says that no lab runs", async (t) => {
  const { code, stderr } = await inOther(["lab:env"], shells[0]?.[1] ?? {});
  t.not(code, 0);
  t.regex(stderr, /not running\. Start it: npm run lab/);
});
