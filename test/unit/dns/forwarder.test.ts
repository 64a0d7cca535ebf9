import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import test, { type ExecutionContext } from "ava";
import { parse } from "yaml";
import { NAMED_DIRECTORY, planForwarderUserData } from "../../../components/dns/forwarder-user-data.plan";
import { describeProblems } from "../../../components/network/problem.plan";
import { run, testWith } from "../nodes/tools";
import { inNamespaces } from "./_namespace";
import { namedConf } from "./samples";

const SYSTEMS = ["amazon-linux-2023", "sles-15"] as const;

function userData(system: (typeof SYSTEMS)[number], vpcCidr = "10.0.0.0/16"): string {
  const result = planForwarderUserData(namedConf({ directory: NAMED_DIRECTORY[system], vpcCidr }));
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result.value;
}

async function schema(t: ExecutionContext, text: string) {
  const dir = mkdtempSync(join(tmpdir(), "forwarder-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "user-data"), text);
  return run("cloud-init", ["schema", "--config-file", join(dir, "user-data")]);
}

for (const system of SYSTEMS) {
  testWith("cloud-init")(`cloud-init accepts the forwarder's user data: ${system}`, async (t) => {
    const { code, stdout, stderr } = await schema(t, userData(system));
    t.is(code, 0, stdout + stderr);
  });
}

test("the package comes first, the file is named's, and the service starts last", (t) => {
  const config = parse(userData("sles-15"), { version: "1.1" }) as { packages: string[]; runcmd: string[][] };
  t.true(config.packages.includes("bind"));
  const commands = config.runcmd.map((words) => words.join(" "));
  t.true(commands.some((line) => / -g named .* \/etc\/named\.conf$/.test(line)));
  t.is(commands.at(-1), "systemctl enable --now named.service");
  t.regex(userData("sles-15"), /directory "\/var\/lib\/named"/);
});

testWith("cloud-init")("a VPC with 128 reverse zones fits too, compressed", async (t) => {
  const text = userData("amazon-linux-2023", "10.0.0.0/17");
  const { code, stdout, stderr } = await schema(t, text);
  t.is(code, 0, stdout + stderr);
  const config = parse(text, { version: "1.1" }) as { write_files: { content: string; encoding?: string }[] };
  const [file] = config.write_files;
  t.is(file?.encoding, "gz+b64");
  t.is(
    gunzipSync(Buffer.from(file?.content ?? "", "base64")).toString(),
    namedConf({ directory: "/var/named", vpcCidr: "10.0.0.0/17" }),
  );
});

test("every size of a VPC fits, and what does not is refused", (t) => {
  for (let prefix = 16; prefix <= 24; prefix++) t.notThrows(() => userData("sles-15", `10.0.0.0/${prefix}`));
  const noise = Array.from({ length: 3000 }, (_, i) =>
    createHash("sha256").update(`${i}`).digest("hex"),
  ).join("\n");
  t.false(planForwarderUserData(noise).ok);
});

/**
 * A forwarder with the default lab's file, and a second named in the place of the VPC's resolver. Names and addresses
 * are the real ones; the network exists in a namespace only.
 */
const LAB = `
for dir in /run /var/log /mnt; do mount -t tmpfs none $dir; done
mkdir -p /run/named /var/log/named /mnt/named /mnt/resolver
for address in 10.0.0.2 10.0.64.5; do ip address add $address/32 dev lo; done
# Clients stand elsewhere: every address of the forwarder's own host counts as localhost.
ip netns add clients; ip link add eth0 type veth peer name eth0 netns clients; ip link set eth0 up
ip -n clients link set lo up; ip -n clients link set eth0 up; ip -n clients route add 10.0.64.5 dev eth0
for address in 10.8.0.7 203.0.113.9; do
  ip -n clients address add $address/32 dev eth0; ip route add $address dev eth0
done
cat >/mnt/resolver/named.conf <<'END'
options { directory "/mnt/resolver"; listen-on { 10.0.0.2; }; listen-on-v6 { none; }; recursion no;
  pid-file none; session-keyfile none; dnssec-validation no; allow-query { any; }; };
controls { };
zone "awslab.mycompany.corp" { type primary; file "zone"; };
zone "0.10.in-addr.arpa" { type primary; file "reverse"; };
END
printf '%s\\n' '@ 10 SOA ns.example. host.example. 1 60 60 60 900' '@ NS ns.example.' 'myservice 10 A 10.0.0.10' >/mnt/resolver/zone
printf '%s\\n' '@ 10 SOA ns.example. host.example. 1 60 60 60 60' '@ NS ns.example.' '10.0 10 PTR node1.awslab.mycompany.corp.' >/mnt/resolver/reverse
cat >/mnt/named.conf <<'END'
${namedConf()
  .replace('directory "/var/named"', 'directory "/mnt/named"')
  .replace("listen-on { any; };", "listen-on { 127.0.0.1; 10.0.64.5; };")}
controls { };
END
named -g -c /mnt/resolver/named.conf >/mnt/resolver.log 2>&1 &
named -g -c /mnt/named.conf >/mnt/forwarder.log 2>&1 &
ask() { ip netns exec clients dig +time=2 +tries=1 @10.0.64.5 "$@"; }
for _ in $(seq 100); do if dig +short +time=1 +tries=1 @127.0.0.1 myservice.awslab.mycompany.corp A | grep -q '^10'; then break; fi; sleep 0.1; done
`;

const withBind = testWith("root", "namespaces", "named", "dig", "ip");

withBind(
  "BIND with this file answers its clients, over UDP and TCP, with what the VPC's resolver says",
  async (t) => {
    const { stdout, stderr } = await inNamespaces(`${LAB}
ask +short -b 10.8.0.7 myservice.awslab.mycompany.corp A
ask +short +tcp -b 10.8.0.7 myservice.awslab.mycompany.corp A
ask +short -b 10.8.0.7 -x 10.0.0.10
ask -b 10.8.0.7 nothing.awslab.mycompany.corp A | grep -E 'status|SOA'
cat /mnt/forwarder.log >&2`);
    const lines = stdout.trim().split("\n");
    t.deepEqual(lines.slice(0, 3), ["10.0.0.10", "10.0.0.10", "node1.awslab.mycompany.corp."], stderr);
    t.regex(stdout, /NXDOMAIN/);
    // "No such name" is kept for ten seconds, whatever the zone says (900 here).
    t.regex(stdout, /\s(\d|10)\s+IN\s+SOA/);
  },
);

withBind("it refuses strangers, zone transfers and questions about itself", async (t) => {
  const { stdout, stderr } = await inNamespaces(`${LAB}
ask -b 203.0.113.9 myservice.awslab.mycompany.corp A | grep -o 'status: [A-Z]*'
ask +short -b 10.8.0.7 myservice.awslab.mycompany.corp A
ask -b 10.8.0.7 awslab.mycompany.corp AXFR || true
ask -b 10.8.0.7 version.bind CH TXT; ask -b 10.8.0.7 hostname.bind CH TXT`);
  t.regex(stdout, /^status: REFUSED\n10\.0\.0\.10\n/, stderr);
  t.regex(stdout, /Transfer failed/);
  t.notRegex(stdout, /9\.\d+\.\d+-.*Debian"|CH\s+TXT\s+"/);
});
