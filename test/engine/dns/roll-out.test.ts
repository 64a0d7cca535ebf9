import * as fs from "node:fs";
import * as path from "node:path";
import test from "ava";
import { utils } from "ssh2";
import { testWith } from "../../unit/nodes/tools";
import { Lab } from "../plugins/_fixture";
import { componentProject } from "./_program";
import { type SshForwarder, startSshForwarder } from "./_ssh-forwarder";

const lab = Lab.start();
test.after.always(async () => (await lab).stop());

const ASK = "dig +short +time=2 +tries=1 @127.0.0.1 myservice.awslab.mycompany.corp A";

interface Choices {
  clients?: string[];
  resolver?: string;
  hostKey?: string;
}

const program =
  (one: SshForwarder, two: SshForwarder) =>
  ({ clients = ["172.16.0.0/12"], resolver = "10.0.0.2", hostKey = one.hostKey }: Choices): string => `
const { BindForwarders } = require("./components/dns/bind-forwarders");
const made = new BindForwarders("forwarders", {
  region, vpcId, tags, vpcCidr: plan.vpcCidr, resolver: "${resolver}", privateZone: "awslab.mycompany.corp",
  intranetCidrs: ${JSON.stringify(clients)}, system: "amazon-linux-2023", instanceType: "t3.micro", rootVolumeGiB: 10,
  places: { forwarder1: place("forwarder1"), forwarder2: place("forwarder2") },
  connection: {
    user: "root", privateKey: require("fs").readFileSync("key", "utf8"), port: ${one.port},
    hosts: { forwarder1: "${one.host}", forwarder2: "${two.host}" },
    hostKeys: { forwarder1: "${hostKey}", forwarder2: "${two.hostKey}" },
  },
});
module.exports = { namedConf: made.namedConf };
`;

testWith(
  "root",
  "namespaces",
  "named",
  "rndc",
  "dig",
  "ip",
  "nsenter",
  "/usr/sbin/sshd",
)(
  "named.conf reaches running forwarders over SSH, one after the other; a bad one stays on none",
  async (t) => {
    const key = utils.generateKeyPairSync("ed25519");
    const log: string[] = [];
    const start = async (name: string, host: string, port: number): Promise<SshForwarder> => {
      const connection = (what: string): unknown => log.push(`${name} ${what}`);
      const started = await startSshForwarder({ host, port, publicKey: key.public, connection });
      t.teardown(started.close);
      return started;
    };
    const one = await start("forwarder1", "127.0.0.11", 0);
    const two = await start("forwarder2", "127.0.0.12", one.port);
    const write = program(one, two);
    const project = await componentProject(await lab, "ssh", write({}));
    // In clear text to the program: the component is who makes it a secret.
    fs.writeFileSync(path.join(project.folder, "key"), key.private, { mode: 0o600 });

    const up = await project.up();
    t.is(up.code, 0, up.text);
    const { namedConf } = await project.outputs();
    t.deepEqual([one.file(), two.file()], [namedConf, namedConf]);
    t.deepEqual(log.splice(0), [
      "forwarder1 begins",
      "forwarder1 ends",
      "forwarder2 begins",
      "forwarder2 ends",
    ]);
    const state = path.join(project.folder, "state/.pulumi/stacks/ssh/test.json");
    t.false(fs.readFileSync(state, "utf8").includes(key.private.split("\n")[2] ?? "?"));
    t.deepEqual(await project.steps(), []);

    project.write(write({ clients: ["172.16.0.0/12", "192.168.30.0/24"] }));
    const steps = await project.steps();
    t.deepEqual(
      steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ").replace(/^.*\$/, "")}`),
      [
        "update aws:ec2/securityGroup:SecurityGroup forwarders",
        "update command:remote:Command forwarders-forwarder1",
        "update command:remote:Command forwarders-forwarder2",
      ],
    );
    const changed = await project.up();
    t.is(changed.code, 0, changed.text);
    const good = one.file();
    t.regex(good, /192\.168\.30\.0\/24;/);
    t.is(two.file(), good);
    t.is(log.splice(0).join(), "forwarder1 begins,forwarder1 ends,forwarder2 begins,forwarder2 ends");

    // An instance that is replaced boots with today's file, and has to answer before the other's turn would come.
    const instance = (await project.resources()).find(
      ({ urn, type }) => type === "aws:ec2/instance:Instance" && urn.endsWith("forwarder1"),
    );
    t.false(String(instance?.inputs["userData"]).includes("192.168.30.0/24"));
    const replaced = await project.up("--replace", instance?.urn ?? "");
    t.is(replaced.code, 0, replaced.text);
    const after = (await project.resources()).find(({ urn }) => urn === instance?.urn);
    t.not(after?.id, instance?.id);
    t.true(String(after?.inputs["userData"]).includes("192.168.30.0/24"));
    t.is(log.splice(0).join(), "forwarder1 begins,forwarder1 ends");

    project.write(write({ clients: ["172.16.0.0/12", "192.168.30.0/24"], resolver: "10.0.0.3" }));
    const bad = await project.up();
    t.not(bad.code, 0);
    t.regex(bad.text, /does not answer for awslab\.mycompany\.corp with the new named\.conf/);
    t.regex(bad.text, /from before is back, and named answers with it/);
    t.is(log.splice(0).join(), "forwarder1 begins,forwarder1 ends");
    for (const forwarder of [one, two]) {
      t.is(forwarder.file(), good);
      t.is(forwarder.inside(ASK), "10.0.0.10\n");
    }

    // Whoever answers in the forwarder's place gets nothing.
    project.write(write({ hostKey: two.hostKey }));
    const stranger = await project.up();
    t.not(stranger.code, 0);
    t.regex(stranger.text, /host key/);
    t.is(one.file(), good);

    project.write(write({}));
    log.splice(0);
    const healed = await project.up();
    t.is(healed.code, 0, healed.text);
    t.deepEqual([one.file(), two.file()], [namedConf, namedConf]);
    t.deepEqual(await project.steps(), []);
    t.is((await project.destroy()).code, 0);
  },
);
