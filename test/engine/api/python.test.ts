/** The Python environment: what is said when something is missing, and that a half-finished one is never used. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { ensurePython } from "../../cloud/api";

/**
 * A python3 of this test's own first on PATH: it knows its version, `-m venv` and `-m pip`, and fails as the real one
 * does where a file says so.
 */
const PYTHON = `#!/bin/sh
here=$(dirname "$0")
case "$*" in
  *version_info*) echo "$(cat "$here/version")" ;;
  *"-m venv"*)
    if [ -e "$here/no-ensurepip" ]; then echo "ensurepip is not available" >&2; exit 1; fi
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && ln -s "$here" "$3/bin/where" ;;
  *"-m pip"*)
    if [ -e "$here/where/offline" ]; then echo "NewConnectionError: Temporary failure in name resolution" >&2; exit 1; fi ;;
esac
`;

interface Fake {
  folder: string;
  cache: string;
  set(name: string, present: boolean): void;
}

async function withFakePython(
  t: ExecutionContext,
  version: string,
  body: (fake: Fake) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "python-"));
  const path = process.env.PATH;
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "python3"), PYTHON);
  chmodSync(join(folder, "bin", "python3"), 0o755);
  writeFileSync(join(folder, "bin", "version"), version);
  process.env.PATH = `${join(folder, "bin")}:${path ?? ""}`;
  const set = (name: string, present: boolean): void => {
    if (present) writeFileSync(join(folder, "bin", name), "");
    else rmSync(join(folder, "bin", name), { force: true });
  };
  try {
    await body({ folder, cache: join(folder, "cache"), set });
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true, force: true });
  }
  t.pass();
}

test.serial("no python3: says what to install", async (t) => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    const error = await t.throwsAsync(ensurePython(join(tmpdir(), "never"), () => undefined));
    t.regex(error.message, /python3 cannot be run.*apt-get install python3 python3-venv/);
  } finally {
    process.env.PATH = path;
  }
});

test.serial("an old python3, no ensurepip, no network: each says what to do", async (t) => {
  await withFakePython(t, "3.9.2", async ({ cache }) => {
    const error = await t.throwsAsync(ensurePython(cache, () => undefined));
    t.regex(error.message, /python3 is 3\.9\.2, but moto needs 3\.10/);
  });
  await withFakePython(t, "3.11.2", async ({ cache, set }) => {
    set("no-ensurepip", true);
    t.regex(
      (await t.throwsAsync(ensurePython(cache, () => undefined))).message,
      /apt-get install python3-venv/,
    );
    set("no-ensurepip", false);
    set("offline", true);
    t.regex(
      (await t.throwsAsync(ensurePython(cache, () => undefined))).message,
      /could not fetch.*[\s\S]*Check the network/,
    );
  });
});

test.serial(
  "a set-up that failed is repeated, one that was killed is cleared away, a finished one is kept",
  async (t) => {
    await withFakePython(t, "3.11.2", async ({ cache, set }) => {
      set("offline", true);
      await t.throwsAsync(ensurePython(cache, () => undefined));
      const killed = join(cache, "python-build-4194305-0000");
      mkdirSync(killed, { recursive: true });
      set("offline", false);
      const lines: string[] = [];
      const first = await ensurePython(cache, (line) => lines.push(line));
      t.true(existsSync(first.python));
      t.true(lines.length >= 2, "it says what takes time");
      t.false(existsSync(killed));
      t.deepEqual(await ensurePython(cache, (line) => t.fail(line)), first);
    });
  },
);

test.serial("two set-ups at the same time end with the same environment, and leave one", async (t) => {
  await withFakePython(t, "3.11.2", async ({ cache }) => {
    const silent = (): void => undefined;
    const [one, two] = await Promise.all([ensurePython(cache, silent), ensurePython(cache, silent)]);
    t.deepEqual(one, two);
    t.is(readdirSync(cache).filter((name) => name.startsWith("python-build-")).length, 1);
  });
});
