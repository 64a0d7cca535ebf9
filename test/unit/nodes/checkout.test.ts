/** What a checkout does to files must not reach the nodes. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import test from "ava";
import { nodeScripts } from "../../../components/nodes/node-scripts";
import { SCRIPT_DIR } from "./samples";
import { run } from "./tools";

const root = path.join(__dirname, "../../..");

function folderFor(t: { teardown: (clean: () => void) => void }): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "checkout-"));
  t.teardown(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test("a clone with core.autocrlf has no carriage return in any script", (t) => {
  const clone = path.join(folderFor(t), "clone");
  const options = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"];
  execFileSync("git", [...options, "clone", "-q", "--depth", "1", `file://${root}`, clone]);
  const scripts = path.join(clone, "scripts", "node");
  for (const name of fs.readdirSync(scripts))
    t.notRegex(fs.readFileSync(path.join(scripts, name), "latin1"), /\r/, name);
});

test.serial("scripts with carriage returns, as from an archive of Windows, are read without them", (t) => {
  const read = fs.readFileSync;
  const expected = nodeScripts();
  const withReturns = (...args: Parameters<typeof read>): string =>
    String(read(...args)).replaceAll("\n", "\r\n");
  Object.assign(fs, { readFileSync: withReturns });
  try {
    t.deepEqual(nodeScripts(), expected);
  } finally {
    Object.assign(fs, { readFileSync: read });
  }
});

for (const name of fs.readdirSync(SCRIPT_DIR)) {
  const script = path.join(SCRIPT_DIR, name);
  const shell = /^#!.*sh$/.test(fs.readFileSync(script, "utf8").split("\n")[0] ?? "");
  if (!shell) continue;
  test(`${name} finds its tools without a PATH, as udev starts programs, and with half of one, as cron does`, async (t) => {
    const assignment = /^PATH=.*$/m.exec(fs.readFileSync(script, "utf8"))?.[0] ?? "";
    for (const given of ["unset PATH", "PATH=/nonexistent"]) {
      const lines = `${given}; ${assignment}; command -v ip awk`;
      const { stdout } = await run("env", ["-i", "/bin/bash", "-c", lines]);
      t.is(stdout.trim().split("\n").length, 2, `${given}: ${stdout}`);
    }
  });
}
