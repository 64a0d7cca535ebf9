/** Forwarders are real named, configured over real SSH while they run, as the stack's remote commands do it. */
import * as ec2 from "@aws-sdk/client-ec2";
import test from "ava";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { utils } from "ssh2";
import { startCloudDaemon } from "../cloud/daemon";
import { setUp } from "../cloud/setup";
import { packetTest, type PacketLab, until, withPackets } from "./_packets";

let agent: ChildProcess | undefined;
const agentSocket = (lab: PacketLab): string => path.join(lab.directory, "agent.sock");

/** An administrator's key, in an agent and as a key pair of EC2. */
async function bringKey(lab: PacketLab): Promise<void> {
  const key = utils.generateKeyPairSync("ed25519");
  const { python } = await setUp(lab.lab, () => undefined);
  await startCloudDaemon(lab.lab, python.python);
  const PublicKeyMaterial = Buffer.from(key.public);
  await lab.ec2.send(new ec2.ImportKeyPairCommand({ KeyName: "administrator", PublicKeyMaterial }));
  const socket = agentSocket(lab);
  agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await until("the SSH agent is there", () => fs.existsSync(socket));
  execFileSync("ssh-add", ["-q", "-"], {
    input: key.private,
    env: { ...process.env, SSH_AUTH_SOCK: socket },
  });
  lab.set({ SSH_AUTH_SOCK: socket });
}

const theLab = withPackets(test, {
  settings: { keyName: "administrator", forwarderSshUser: "ec2-user" },
  before: bringKey,
});
test.after.always(() => agent?.kill());

const FORWARDERS = ["forwarder1", "forwarder2"];

const files = async (lab: PacketLab): Promise<string[]> =>
  await Promise.all(FORWARDERS.map((name) => lab.on(name, "cat", "/etc/named.conf")));

function setIntranet(lab: PacketLab, blocks: string): void {
  const text = fs.readFileSync(lab.configFile(), "utf8").replace(/^ *failover-lab:intranetCidrs:.*\n/m, "");
  fs.writeFileSync(
    lab.configFile(),
    text.replace("config:\n", `config:\n  failover-lab:intranetCidrs: ${blocks}\n`),
  );
}

/** Asks the corporate name server for names that it has not met, again and again, until it is told to stop. */
function load(lab: PacketLab): () => Promise<{ asked: number; failed: string[] }> {
  let going = true;
  const done = (async () => {
    const failed: string[] = [];
    let asked = 0;
    while (going) {
      const answer = await lab.on(
        "client",
        "dig",
        "+time=5",
        "+tries=1",
        `n${(asked += 1)}.awslab.mycompany.corp`,
      );
      if (!/status: (NXDOMAIN|NOERROR)/.test(answer)) failed.push(answer);
    }
    return { asked, failed };
  })();
  return async () => {
    going = false;
    return await done;
  };
}

packetTest("named.conf reached both forwarders over SSH, and they answer", async (t) => {
  const lab = theLab();
  const { stdout } = await lab.succeed("pulumi", "stack", "output", "--json");
  const { namedConf } = JSON.parse(stdout) as { namedConf: string };
  t.deepEqual(await files(lab), [namedConf.trim(), namedConf.trim()]);
  for (const name of FORWARDERS) {
    t.regex(
      await lab.on(name, "journalctl", "-u", "ssh", "--no-pager"),
      /Accepted publickey for ec2-user from 172\.16\.0\.10/,
    );
    const { privateIpAddress } = await lab.instance(name);
    const ask = ["dig", "+short", "+time=2", "myservice.awslab.mycompany.corp", `@${privateIpAddress}`];
    t.is(await lab.on("client", ...ask), "10.0.0.10");
  }
});

packetTest("a rolling change under a load of lookups: none fails", async (t) => {
  const lab = theLab();
  // A name server that has just been started is slow with its first answer; that is not what is measured.
  await until("the corporate name server answers", async () => {
    const answer = await lab.on("client", "dig", "+time=5", "+tries=1", "before.awslab.mycompany.corp");
    return answer.includes("status: NXDOMAIN");
  });
  const stop = load(lab);
  setIntranet(lab, "[172.16.0.0/12, 192.168.30.0/24]");
  await lab.succeed("pulumi", "up", "--yes", "--skip-preview");
  const { asked, failed } = await stop();
  t.deepEqual(failed, []);
  t.true(asked > 10, `${asked} lookups are no load`);
  for (const text of await files(lab)) t.regex(text, /192\.168\.30\.0\/24/);
});

packetTest("a change with which the first one doesn't answer stops there, and is taken back", async (t) => {
  const lab = theLab();
  const before = await files(lab);
  const { vpcId } = await lab.instance("forwarder1");
  const support = async (Value: boolean): Promise<void> => {
    await lab.ec2.send(new ec2.ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsSupport: { Value } }));
    await lab.settled();
  };
  // Whom the forwarders ask is gone: whatever they are given, they don't answer.
  await support(false);
  setIntranet(lab, "[172.16.0.0/12, 192.168.40.0/24]");
  const ended = await lab.run("pulumi", "up", "--yes", "--skip-preview");
  t.not(ended.code, 0);
  t.deepEqual(await files(lab), before);
  await support(true);
  await lab.succeed("pulumi", "up", "--yes", "--skip-preview");
  for (const text of await files(lab)) t.regex(text, /192\.168\.40\.0\/24/);
});
