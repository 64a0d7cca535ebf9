/** Programs of the corpus previewed by the real engine, with a copy of the pack that has no packages around it. */
import test from "ava";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../cloud/lab";
import { PreviewLab } from "../mutants/_lab";
import { programs } from "./_programs";

let lab: PreviewLab;
let project: string;
/** Outside of the checkout: nothing above it has packages that a pack could find. */
const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "policy-pack-"));
const pack = path.join(elsewhere, "policy");

test.before(async () => {
  fs.cpSync(path.join(projectRoot(), "policy"), pack, { recursive: true });
  lab = await PreviewLab.start();
  project = await lab.project("../corpus/program.ts");
});
test.after.always(async () => {
  await lab.stop();
  fs.rmSync(elsewhere, { recursive: true, force: true });
});

const chosen = [
  "a database pair whose second route table was forgotten",
  "a firewall pair with interfaces inside, and the gateway's own table",
  "a NAT pair, one of them a spare",
  "a host route to a machine behind a VPN",
  "Debian forwarders, open through an acl of the local file",
  "views: forwarding inside, authoritative outside",
  "a MIME message of a config and a script",
  "a jinja template of a config",
  "a broken gzip",
  "a managed policy as wide as ec2:*",
  "a policy that is an object",
  "chpasswd without passwords",
] as const;

for (const name of chosen) {
  test(`${name}: as the real engine judges it at a preview`, async (t) => {
    const program = programs[name];
    if (program === undefined) throw new Error(`There is no program ${name}`);
    const { failure, violations, advisories } = await lab.preview(project, name, {}, pack);
    t.is(failure, undefined);
    const said = [...violations, ...advisories].map(
      ({ rule, message }) => `${rule}: ${message.slice(message.indexOf("\n") + 1)}`,
    );
    const expected = [...program.findings, ...(program.only?.preview ?? [])].sort();
    t.is(said.length, expected.length, said.join("\n"));
    for (const [i, text] of said.sort().entries()) t.true(text.startsWith(expected[i] ?? "nothing"), text);
  });
}

test("a copy in a repository that has the SDK, and ignores folders of packages", async (t) => {
  const repository = path.join(elsewhere, "repository");
  const own = path.join(repository, "policy");
  fs.cpSync(pack, own, { recursive: true });
  fs.rmSync(path.join(own, "node_modules"), { recursive: true });
  fs.symlinkSync(path.join(projectRoot(), "node_modules"), path.join(repository, "node_modules"));
  const { failure, advisories } = await lab.preview(project, "a broken gzip", {}, own);
  t.is(failure, undefined);
  t.deepEqual(
    advisories.map(({ rule }) => rule),
    ["input-readable"],
  );
});

test("a copy that came without its own starter says what to do, and does not wait", async (t) => {
  const bare = path.join(elsewhere, "bare");
  fs.cpSync(pack, bare, { recursive: true });
  fs.rmSync(path.join(bare, "node_modules"), { recursive: true });
  const { ok, failure } = await lab.preview(project, "a broken gzip", {}, bare);
  t.false(ok);
  t.regex(failure ?? "", /npm install/);
});
