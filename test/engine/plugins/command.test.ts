import * as fs from "node:fs";
import * as path from "node:path";
import test from "ava";
import { Lab } from "./_fixture";
import { startSshServer } from "./_ssh-server";

const lab = Lab.start({ cloud: false });
test.after.always(async () => (await lab).stop());

const ops = (steps: { op: string }[]): string[] => steps.map((step) => step.op);

test.serial(
  "a local command runs on create, update and delete, sees its previous output, and keeps secrets out of sight",
  async (t) => {
    const base = await lab;
    const trace = path.join(base.directory, "trace");
    const program = (word: string, trigger = 1): string => `
    const secret = config.requireSecret("key");
    const cmd = new command.local.Command("cmd", {
      create: "echo $WORD; cat; echo $KEY >&2; echo create >> ${trace}",
      update: "echo was $PULUMI_COMMAND_STDOUT; echo update >> ${trace}",
      delete: "echo delete $PULUMI_COMMAND_STDOUT >> ${trace}",
      environment: { WORD: "${word}", KEY: secret }, stdin: "from stdin", triggers: [${String(trigger)}],
    });
    module.exports = { out: cmd.stdout };
  `;
    const project = await base.project("local", program("one"));
    await project.pulumi("config", "set", "--secret", "key", "s3cr3t-value");

    const created = await project.up();
    t.is(created.code, 0, created.text);
    t.false(created.text.includes("s3cr3t-value"), "the command wrote a secret, and the log shows it");
    t.is((await project.outputs())["out"], "one\nfrom stdin");
    const raw = fs.readFileSync(path.join(project.folder, "state/.pulumi/stacks/local/test.json"), "utf8");
    t.false(raw.includes("s3cr3t-value"), "the state file holds the secret in clear text");
    t.deepEqual(await project.steps(), []);

    project.write(program("two"));
    t.deepEqual(ops(await project.steps()), ["update"]);
    const updated = await project.up();
    t.is(updated.code, 0, updated.text);
    t.regex(String((await project.outputs())["out"]), /^was one/);

    project.write(program("two", 2));
    t.deepEqual(ops(await project.steps()), ["replace"]);
    const replaced = await project.up();
    t.is(replaced.code, 0, replaced.text);
    t.is((await project.destroy()).code, 0);
    const lines = fs
      .readFileSync(trace, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    t.deepEqual(lines, ["create", "update", "create", "delete", "delete"]);
  },
);

test.serial(
  "a failing command gives its exit code and what it wrote, changes no state, and is tried again",
  async (t) => {
    const base = await lab;
    const marker = path.join(base.directory, "marker");
    const program = (command: string): string => `
    new command.local.Command("cmd", { create: ${JSON.stringify(command)} });
    exports.run = command.local.runOutput({ command: "echo ran" }).stdout;
  `;
    const project = await base.project("failing", program("echo good"));
    t.is((await project.up()).code, 0);
    project.write(program(`echo reason >&2; test -e ${marker} || exit 3`));
    const failed = await project.up();
    t.not(failed.code, 0);
    t.regex(failed.text, /exit status 3/);
    t.regex(failed.text, /reason/);
    fs.writeFileSync(marker, "");
    const again = await project.up();
    t.is(again.code, 0, again.text);
    t.regex(again.text, /1 updated/);
    t.is((await project.outputs())["run"], "ran");
  },
);

test.serial("an input that isn't handled is refused by name", async (t) => {
  const project = await (
    await lab
  ).project("strict", `new command.local.Command("cmd", { create: "true", assetPaths: ["*"] });`);
  const refused = await project.pulumi("preview");
  t.not(refused.code, 0);
  t.regex(refused.text, /command:local:Command: .*'assetPaths'/);
});

test.serial(
  "a remote command runs over SSH, fails with its exit code, and refuses another host's key",
  async (t) => {
    const base = await lab;
    const server = await startSshServer();
    const keyFile = path.join(base.directory, `key-${String(server.port)}`);
    fs.writeFileSync(keyFile, server.privateKey);
    const program = (create: string, hostKey: string): string => `
    const connection = { host: "127.0.0.1", port: ${String(server.port)}, user: "root", hostKey: ${JSON.stringify(hostKey)},
      privateKey: pulumi.secret(require("fs").readFileSync("${keyFile}", "utf8")), dialErrorLimit: 2 };
    const cmd = new command.remote.Command("cmd", { connection, create: ${JSON.stringify(create)}, delete: "echo bye", stdin: "in" });
    module.exports = { out: cmd.stdout };
  `;
    const project = await base.project("remote", program("cat; echo done", server.hostKey));

    const created = await project.up();
    t.is(created.code, 0, created.text);
    t.is((await project.outputs())["out"], "indone");
    t.deepEqual(await project.steps(), []);

    project.write(program("echo no >&2; exit 7", server.hostKey));
    const failed = await project.up();
    t.regex(failed.text, /exit status 7: running .* on 127\.0\.0\.1/);
    t.regex(failed.text, /no/);
    t.false(failed.text.includes(server.privateKey.split("\n")[1] ?? "?"), "the log shows the private key");

    project.write(
      program("echo x", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJhZGJhZGJhZGJhZGJhZGJhZGJhZGJhZGJhZGJhZGJh"),
    );
    const wrong = await project.up();
    t.regex(wrong.text, /host key isn't the one in hostKey/);

    const destroyed = await project.destroy();
    t.is(destroyed.code, 0, destroyed.text);
    t.deepEqual(server.commands, ["cat; echo done", "echo no >&2; exit 7", "echo bye"]);
    await server.close();
  },
);

test.serial(
  "a file, a text and a folder are copied over SFTP, again when their content changes",
  async (t) => {
    const base = await lab;
    const server = await startSshServer();
    const keyFile = path.join(base.directory, `key-${String(server.port)}`);
    fs.writeFileSync(keyFile, server.privateKey);
    const target = path.join(base.directory, "target");
    const source = path.join(base.directory, "source");
    fs.mkdirSync(path.join(source, "deep"), { recursive: true });
    fs.writeFileSync(path.join(source, "deep", "file"), "one");
    const project = await base.project(
      "copy",
      `
    const connection = { host: "127.0.0.1", port: ${String(server.port)}, user: "root", privateKey: pulumi.secret(require("fs").readFileSync("${keyFile}", "utf8")) };
    new command.remote.CopyToRemote("text", { connection, source: new pulumi.asset.StringAsset("hello"), remotePath: "${target}/a/b/text" });
    new command.remote.CopyToRemote("file", { connection, source: new pulumi.asset.FileAsset("${source}/deep/file"), remotePath: "${target}/f/file" });
    new command.remote.CopyToRemote("folder", { connection, source: new pulumi.asset.FileArchive("${source}"), remotePath: "${target}/folder" });
  `,
    );
    const created = await project.up();
    t.is(created.code, 0, created.text);
    const read = (name: string): string => fs.readFileSync(path.join(target, name), "utf8");
    t.is(read("a/b/text"), "hello");
    t.is(read("f/file"), "one");
    t.is(read("folder/deep/file"), "one");
    t.deepEqual(await project.steps(), []);

    fs.writeFileSync(path.join(source, "deep", "file"), "two");
    t.deepEqual(ops(await project.steps()), ["update", "update"]);
    const updated = await project.up();
    t.is(updated.code, 0, updated.text);
    t.is(read("f/file"), "two");
    await server.close();
  },
);
