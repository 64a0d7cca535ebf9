import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { identity, startImds } from "./imds";
import { SCRIPT_DIR } from "./samples";
import { run, testWith } from "./tools";

const SCRIPT = join(SCRIPT_DIR, "overlay-takeover");
const TABLES = ["rtb-0a", "rtb-0b", "rtb-0c"];
const [OTHER, OWN] = ["eni-0other", "eni-0own"];

/**
 * In the place of the AWS CLI: a table is a file with `interface state`. `<table>.fault` holds what goes wrong with it:
 * `denied` and `throttled` for ever, `once` for the first call, `lost` applies and then says that it failed.
 */
const AWS = `#!/bin/bash
set -eu
cd "$STATE"
args="$*"
echo "$args" >>calls
[[ $args =~ --region\\ eu-central-1 ]] || { echo "no region"; exit 1; }
[[ $args =~ --route-table-ids?\\ (rtb-[0-9a-z]+) ]]; table=\${BASH_REMATCH[1]}
fault=$(cat "$table.fault" 2>/dev/null || true)
case $args in
  *describe-route-tables*)
    if [[ -s $table ]]; then cat "$table"; else echo None; fi
    exit 0 ;;
esac
case $fault in
  denied) echo "An error occurred (UnauthorizedOperation) when calling the operation"; exit 254 ;;
  throttled) echo "An error occurred (RequestLimitExceeded) when calling the operation"; exit 254 ;;
  once) rm "$table.fault"; echo "An error occurred (InternalError) when calling the operation"; exit 254 ;;
esac
case $args in
  *replace-route*) [[ -s $table ]] || { echo "An error occurred (InvalidParameterValue): There is no route defined"; exit 254; } ;;
esac
[[ $args =~ --network-interface-id\\ (eni-[0-9a-z]+) ]]
echo "\${BASH_REMATCH[1]} active" >"$table"
if [[ $fault == lost ]]; then rm "$table.fault"; echo "Read timeout on endpoint URL"; exit 255; fi
`;

interface Lab {
  env: NodeJS.ProcessEnv;
  write: (name: string, text: string) => void;
  read: (name: string) => Promise<string>;
}

/** Three tables that lead to the other node, and an instance metadata service that knows IMDSv2 only. */
async function lab(t: ExecutionContext): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), "takeover-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "aws"), AWS, { mode: 0o755 });
  for (const table of TABLES) writeFileSync(join(dir, table), `${OTHER} blackhole\n`);
  return {
    env: {
      PATH: `${dir}:${process.env.PATH ?? ""}`,
      STATE: dir,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: await startImds(t, identity(OWN, "eu-central-1")),
      TAKEOVER_DEADLINE: "2",
    },
    write: (name, text) => writeFileSync(join(dir, name), text),
    read: async (name) => (await run("cat", [join(dir, name)])).stdout.trim(),
  };
}

const withTools = testWith("bash", "curl");
const take = (env: NodeJS.ProcessEnv, ...args: string[]) => run(SCRIPT, args, { env });

withTools("every table is pointed to this node, also one that had no route; again is fine", async (t) => {
  const { env, write, read } = await lab(t);
  write("rtb-0b", "");
  for (let i = 0; i < 2; i++) {
    const { code, stdout, stderr } = await take(env, "192.168.10.1/32", ...TABLES);
    t.is(code, 0, stderr);
    t.regex(stdout, /192\.168\.10\.1\/32 leads to eni-0own in all 3 route tables/);
    for (const table of TABLES) t.is(await read(table), `${OWN} active`);
  }
});

withTools("a failure that passes, and a reply that is lost, do not matter", async (t) => {
  const { env, write } = await lab(t);
  write("rtb-0a.fault", "once");
  write("rtb-0c.fault", "lost");
  const { code, stderr } = await take({ ...env, TAKEOVER_DEADLINE: "20" }, "192.168.10.1/32", ...TABLES);
  t.is(code, 0, stderr);
});

withTools(
  "one table that fails does not keep the others; it is named with the reason and the repair",
  async (t) => {
    for (const [fault, reason] of [
      ["denied", /rtb-0a does not lead .*UnauthorizedOperation/],
      ["throttled", /rtb-0a does not lead .*RequestLimitExceeded/],
    ] as const) {
      const { env, write, read } = await lab(t);
      write("rtb-0a.fault", fault);
      const { code, stderr } = await take(env, "192.168.10.1/32", ...TABLES);
      t.is(code, 3);
      t.regex(stderr, reason);
      t.regex(
        stderr,
        /repair: aws ec2 replace-route --region eu-central-1 --route-table-id rtb-0a .*eni-0own/,
      );
      t.is(await read("rtb-0b"), `${OWN} active`);
      t.is(await read("rtb-0c"), `${OWN} active`);
    }
  },
);

withTools("what is denied is not asked for again", async (t) => {
  const { env, write, read } = await lab(t);
  for (const table of TABLES) write(`${table}.fault`, "denied");
  const { code } = await take({ ...env, TAKEOVER_DEADLINE: "20" }, "192.168.10.1/32", ...TABLES);
  t.is(code, 1);
  t.is((await read("calls")).split("\n").filter((line) => line.includes("replace-route")).length, 3);
});

withTools("no instance metadata, no change", async (t) => {
  const { env, read } = await lab(t);
  const { code, stderr } = await take(
    { ...env, AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:9", TAKEOVER_DEADLINE: "0" },
    "192.168.10.1/32",
    ...TABLES,
  );
  t.is(code, 4);
  t.regex(stderr, /nothing was changed/);
  t.is(await read("rtb-0a"), `${OTHER} blackhole`);
});

test("wrong arguments are told", async (t) => {
  for (const args of [
    [],
    ["192.168.10.1/32"],
    ["192.168.10.1", "rtb-0a"],
    ["192.168.10.1/32", "rtb-0a; reboot"],
  ]) {
    const { code, stderr } = await run(SCRIPT, args);
    t.is(code, 2);
    t.regex(stderr, /usage: overlay-takeover/);
  }
});
