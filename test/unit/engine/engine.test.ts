import test from "ava";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { downloadEngine } from "../../cloud/engine/download";
import { ensureEngine } from "../../cloud/engine/ensure";
import { withLock } from "../../cloud/engine/lock";
import { words } from "../../cloud/engine/runtime-options";
import { atLeast } from "../../../scripts/lib/versions";
import { engineVersion } from "../../cloud/engine/versions";

test.serial("nodeargs are split as a shell splits words", (t) => {
  t.deepEqual(words(`-r "a b" --x='c d' e`), ["-r", "a b", "--x=c d", "e"]);
  t.deepEqual(words(""), []);
});

test.serial("versions are compared by number, not by text", (t) => {
  t.true(atLeast("v3.274.1", "3.200.0"));
  t.true(atLeast("3.200.0", "3.200.0"));
  t.false(atLeast("3.99.0", "3.200.0"));
  t.false(atLeast("2.300.0", "3.200.0"));
  t.true(atLeast("4.0.0-alpha.1", "3.200.0"));
});

const scratch = (): string => fs.mkdtempSync(path.join(os.tmpdir(), "failover-lab-lock-"));

test.serial("of two makers one works at a time", async (t) => {
  const file = path.join(scratch(), "lock");
  let inside = 0;
  const work = async (): Promise<void> => {
    t.is(++inside, 1);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, () => undefined, work)));
  t.false(fs.existsSync(file));
});

test.serial("the lock of a maker that was killed is taken over", async (t) => {
  const file = path.join(scratch(), "lock");
  const dead = spawnSync(process.execPath, ["-e", "0"]).pid;
  fs.writeFileSync(file, String(dead));
  t.is(
    await withLock(
      file,
      () => t.fail("nobody is there to wait for"),
      async () => "made",
    ),
    "made",
  );
});

test.serial("without Pulumi, a download or Go, the error says what to install", async (t) => {
  const cache = scratch();
  const { PATH } = process.env;
  process.env.PATH = scratch();
  const originalFetch = globalThis.fetch;
  globalThis.fetch = () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("no such host") }));
  const lines: string[] = [];
  try {
    const error = await t.throwsAsync(ensureEngine(cache, [], (line) => lines.push(line)));
    t.regex(error?.message ?? "", /Pulumi CLI \(pulumi\.com\/docs\/install.*Go 1\.24 or later/);
    t.regex(lines.join("\n"), /download of Pulumi .* cannot be had \(no such host\)/);
  } finally {
    process.env.PATH = PATH;
    globalThis.fetch = originalFetch;
  }
});

test.serial("an archive that is not what its checksum says is not used", async (t) => {
  const home = path.join(scratch(), "downloaded");
  const originalFetch = globalThis.fetch;
  globalThis.fetch = (url) => {
    const list = String(url).endsWith("checksums.txt");
    const name = `pulumi-v${engineVersion}-${process.platform}-${process.arch === "x64" ? "x64" : "arm64"}.tar.gz`;
    return Promise.resolve(new Response(list ? `${"0".repeat(64)}  ${name}\n` : "not the archive"));
  };
  try {
    t.regex((await downloadEngine(home, () => undefined)) ?? "", /has checksum .* not 0000/);
    t.false(fs.existsSync(home));
  } finally {
    globalThis.fetch = originalFetch;
  }
});

test.serial("an installed Pulumi that is too old is named, and not used", async (t) => {
  const bin = scratch();
  fs.writeFileSync(path.join(bin, "pulumi"), "#!/bin/sh\necho v3.100.0\n", { mode: 0o755 });
  fs.writeFileSync(path.join(bin, "pulumi-language-nodejs"), "", { mode: 0o755 });
  const cache = scratch();
  const made = path.join(cache, "engine", `v${engineVersion}`, "built");
  fs.mkdirSync(made, { recursive: true });
  fs.writeFileSync(path.join(made, "pulumi"), "");
  const { PATH } = process.env;
  process.env.PATH = `${bin}:${PATH ?? ""}`;
  const lines: string[] = [];
  try {
    const engine = await ensureEngine(cache, [], (line) => lines.push(line));
    t.is(engine.pulumi, path.join(made, "pulumi"));
    t.regex(lines.join("\n"), /installed Pulumi 3\.100\.0 is older than/);
  } finally {
    process.env.PATH = PATH;
  }
});
