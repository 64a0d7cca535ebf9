/** A person's own `pulumi`, in a shell that has the lab's environment. */
import test from "ava";
import { spawn } from "node:child_process";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

/** Runs a line in a shell that has read `lab:env`. */
async function inShell(line: string): Promise<{ code: number | null; output: string }> {
  const { stdout: environment } = await lab.succeed("lab:env");
  return await new Promise((resolve, reject) => {
    const child = spawn("bash", ["-c", `${environment}\n${line}`], {
      cwd: lab.root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (data: string) => (output += data));
    child.stderr.setEncoding("utf8").on("data", (data: string) => (output += data));
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
}

test.serial("it waits for a failover, and nobody reads of locks to delete", async (t) => {
  const runs = await Promise.all([
    lab.run("failover", "overlay", "node2"),
    inShell("pulumi up --yes --skip-preview"),
    inShell("pulumi up --yes --skip-preview"),
    lab.run("failover", "dns", "node2"),
  ]);
  for (const run of runs) {
    const text = "output" in run ? run.output : run.stdout + run.stderr;
    t.is(run.code, 0, text);
    t.notRegex(text, /currently locked|delete the lock/);
  }
});

test.serial("elsewhere it is the plain CLI", async (t) => {
  const { code, output } = await inShell("cd / && pulumi version");
  t.is(code, 0, output);
  t.regex(output, /^v?\d+\.\d+\.\d+/m);
});
