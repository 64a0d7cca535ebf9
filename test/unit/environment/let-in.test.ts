import test from "ava";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { refuseForeignLab, markCheckout } from "../../cloud/checkouts";
import { forgetTheRest, letIn, misleadingNames } from "../../cloud/environment";
import { writeReadyFile } from "../../cloud/api/ready-file";
import { hostile } from "../../engine/environment/_hostile";

function scratch(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "environment-")));
}

test("nothing that leads away from the lab is let in, whatever it is called", (t) => {
  t.deepEqual(letIn(hostile), {});
  const unknown = { AWS_FROM_NEXT_YEAR: "1", PULUMI_FROM_NEXT_YEAR: "1", SOMETHING_NEW: "1" };
  t.deepEqual(letIn(unknown), {});
});

test("who the user is, the terminal, the locale and the lab's own settings are let in", (t) => {
  const own = { PATH: "/bin", HOME: "/home/me", LC_ALL: "C", FAILOVER_LAB_DIR: "/lab", SSH_AUTH_SOCK: "/s" };
  t.deepEqual(letIn({ ...hostile, ...own }), own);
});

test("a shell is rid of what misleads AWS clients and Pulumi, and keeps what is the user's own", (t) => {
  const own = {
    PATH: "/bin",
    HOME: "/home/me",
    COMPANY_PROXY: "x",
    JAVA_HOME: "/j",
    PYTHONPATH: "/mine",
    npm_config_registry: "https://mine.example",
    AWSOME: "x",
    "BASH_FUNC_AWS_x%%": "() { :; }",
  };
  const unset = misleadingNames({ ...hostile, ...own });
  for (const name of Object.keys(own)) t.false(unset.includes(name), name);
  const kinds = /^(AWS_|BOTO_|PULUMI_|NODE_|GRPC_|TF_)|^(https?|all|no|grpc)_proxy$/i;
  for (const name of Object.keys(hostile).filter((key) => kinds.test(key)))
    t.true(unset.includes(name), name);
});

test("a process forgets what is not let in", (t) => {
  const environment: NodeJS.ProcessEnv = { ...hostile, PATH: "/bin" };
  forgetTheRest(environment);
  t.deepEqual(environment, { PATH: "/bin" });
});

test("tests themselves see none of it", (t) => {
  t.deepEqual(misleadingNames(process.env), []);
});

test("another checkout's lab is refused, naming both, by the shell's variables and by the folder's mark", (t) => {
  const [mine, other] = [scratch(), scratch()];
  const directory = path.join(other, ".lab");
  fs.mkdirSync(directory);
  const refused = (environment: NodeJS.ProcessEnv): string =>
    t.throws(() => {
      refuseForeignLab(mine, directory, environment);
    }).message;
  markCheckout(other, directory);
  for (const text of [refused({ FAILOVER_LAB_ROOT: other }), refused({})]) {
    t.true(text.includes(mine) && text.includes(other));
    t.regex(text, /Nothing was done[^]*cd [^]*unset FAILOVER_LAB_ROOT FAILOVER_LAB_DIR FAILOVER_LAB_STACK/);
  }
});

test("a checkout's own lab is accepted: by another name of the folder, with a lab elsewhere, and after a move", (t) => {
  const mine = scratch();
  const link = path.join(scratch(), "link");
  fs.symlinkSync(mine, link);
  const elsewhere = scratch();
  markCheckout(mine, elsewhere);
  const within = path.join(mine, ".lab");
  fs.mkdirSync(within);
  markCheckout("/where/it/was/before", within);
  t.notThrows(() => {
    refuseForeignLab(mine, within, {});
    refuseForeignLab(mine, within, { FAILOVER_LAB_ROOT: link });
    refuseForeignLab(mine, elsewhere, {});
    refuseForeignLab(mine, path.join(scratch(), "new"), {});
  });
});

test("a ready file is lost when it is gone or another's, and only one's own is removed", (t) => {
  const file = path.join(scratch(), "cloud.json");
  const first = writeReadyFile(file, { cloudId: "one" });
  t.is(first.lost(), undefined);
  const second = writeReadyFile(file, { cloudId: "two" });
  t.regex(first.lost() ?? "", /another/);
  first.remove();
  t.is(second.lost(), undefined, "the other's file is left");
  second.remove();
  t.regex(second.lost() ?? "", /gone/);
});
