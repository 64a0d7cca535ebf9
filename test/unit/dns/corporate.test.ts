import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { type CorporateDns, planCorporateDns } from "../../../components/dns/corporate.plan";
import { describeProblems } from "../../../components/network/problem.plan";
import { run, testWith } from "../nodes/tools";
import { inNamespaces } from "./_namespace";

const ARGS = {
  zones: ["awslab.mycompany.corp", "0.10.in-addr.arpa"],
  forwarders: ["10.0.64.5", "10.0.80.5"],
};

function plan(): CorporateDns {
  const result = planCorporateDns(ARGS);
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result.value;
}

async function judge(text: string, program: string, args: (path: string) => string[]) {
  const dir = mkdtempSync(join(tmpdir(), "corporate-"));
  try {
    writeFileSync(join(dir, "conf"), text);
    return await run(program, args(join(dir, "conf")));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

testWith("named-checkconf")("BIND accepts its part, and the hints in its comments", async (t) => {
  const { bind } = plan();
  const hint = /validate-except \{.*\};/.exec(bind)?.[0] ?? "";
  for (const text of [bind, `options { dnssec-validation auto; ${hint} };\n${bind}`]) {
    const { code, stdout } = await judge(text, "named-checkconf", (path) => [path]);
    t.is(code, 0, stdout);
  }
  t.true(hint.includes('"awslab.mycompany.corp"'));
});

testWith("unbound-checkconf")("Unbound accepts its part", async (t) => {
  const { code, stdout, stderr } = await judge(plan().unbound, "unbound-checkconf", (path) => [path]);
  t.is(code, 0, stdout + stderr);
});

testWith("dnsmasq")("dnsmasq accepts its part", async (t) => {
  const { code, stderr } = await judge(plan().dnsmasq, "dnsmasq", (path) => [
    "--test",
    `--conf-file=${path}`,
  ]);
  t.is(code, 0, stderr);
});

test("every server is told every zone and both forwarders", (t) => {
  const { bind, unbound, dnsmasq, windows, resolvConf } = plan();
  for (const text of [bind, unbound, dnsmasq, windows]) {
    for (const part of [...ARGS.zones, ...ARGS.forwarders]) t.true(text.includes(part), `${part} in ${text}`);
  }
  t.regex(
    windows,
    /^Add-DnsServerConditionalForwarderZone -Name "awslab\.mycompany\.corp" -MasterServers 10\.0\.64\.5,/m,
  );
  t.is(resolvConf, "nameserver 10.0.64.5\nnameserver 10.0.80.5\noptions timeout:1 attempts:2\n");
});

test("values that are none are refused, all at once", (t) => {
  const result = planCorporateDns({
    zones: ["corp", 'a.b"; Remove-Item'],
    forwarders: ["10.0.64.5", "forwarder2"],
  });
  t.false(result.ok);
  if (!result.ok) {
    t.deepEqual(
      result.problems.map((p) => p.key),
      ["zones[0]", "zones[1]", "forwarders[1]"],
    );
  }
  for (const forwarders of [[], ["10.0.64.5"], ["10.0.64.5", "10.0.64.5"]]) {
    t.false(planCorporateDns({ ...ARGS, forwarders }).ok);
  }
  t.false(planCorporateDns({ ...ARGS, zones: [] }).ok);
});

/** A forwarder that answers one name, so that each server's path to it can be walked. */
const FORWARDER = `
for dir in /run /mnt; do mount -t tmpfs none $dir; done
mkdir -p /run/named /mnt/forwarder /mnt/corporate
for address in 10.0.64.5 10.0.80.5 10.8.0.53; do ip address add $address/32 dev lo; done
cat >/mnt/forwarder/named.conf <<'END'
options { directory "/mnt/forwarder"; listen-on { 10.0.64.5; 10.0.80.5; }; listen-on-v6 { none; }; recursion no;
  pid-file none; session-keyfile none; dnssec-validation no; };
controls { };
zone "awslab.mycompany.corp" { type primary; file "zone"; };
zone "0.10.in-addr.arpa" { type primary; file "reverse"; };
END
for kind in 'zone:myservice 10 A 10.0.0.10' 'reverse:10.0 10 PTR node1.awslab.mycompany.corp.'; do
  printf '%s\\n' '@ 10 SOA ns.example. host.example. 1 60 60 60 60' '@ NS ns.example.' "\${kind#*:}" >/mnt/forwarder/\${kind%%:*}
done
named -g -c /mnt/forwarder/named.conf >/mnt/forwarder.log 2>&1 &
ask() { dig +short +time=2 +tries=1 @10.8.0.53 "$@" || true; }
answers() { for _ in $(seq 50); do if [ "$(ask myservice.awslab.mycompany.corp)" = 10.0.0.10 ]; then break; fi; sleep 0.1; done
  ask myservice.awslab.mycompany.corp; ask -x 10.0.0.10; }
`;

const EXPECTED = "10.0.0.10\nnode1.awslab.mycompany.corp.\n";
const withBind = ["root", "namespaces", "named", "dig", "ip"];

testWith(...withBind)(
  "a corporate BIND that owns the parent domain reaches the lab, given the delegation",
  async (t) => {
    const { bind } = plan();
    const delegation = /^\/\/ +(awslab\.mycompany\.corp\. NS .*)$/m.exec(bind)?.[1] ?? "";
    const { stdout, stderr } = await inNamespaces(`${FORWARDER}
printf '%s\\n' '@ 60 SOA ns host 1 60 60 60 60' '@ NS ns' 'ns A 10.8.0.53' '${delegation}' >/mnt/corporate/zone
cat >/mnt/corporate/named.conf <<'END'
options { directory "/mnt/corporate"; listen-on { 10.8.0.53; }; listen-on-v6 { none; }; pid-file none;
  session-keyfile none; dnssec-validation no; };
controls { };
zone "mycompany.corp" { type primary; file "zone"; };
${bind}
END
named -g -c /mnt/corporate/named.conf >/mnt/corporate.log 2>&1 &
answers; cat /mnt/corporate.log >&2`);
    t.is(stdout, EXPECTED, stderr);
  },
);

testWith(...withBind, "unbound")("a corporate Unbound reaches the lab, forward and reverse", async (t) => {
  const { stdout, stderr } = await inNamespaces(`${FORWARDER}
cat >/mnt/corporate/unbound.conf <<'END'
server:
    interface: 10.8.0.53
    access-control: 0.0.0.0/0 allow
    do-not-query-localhost: no
    private-address: 10.0.0.0/8
    chroot: ""
    username: ""
    use-syslog: no
    pidfile: ""
${plan().unbound}
END
unbound -d -c /mnt/corporate/unbound.conf >/mnt/corporate.log 2>&1 &
answers; cat /mnt/corporate.log >&2`);
  t.is(stdout, EXPECTED, stderr);
});

testWith(...withBind, "dnsmasq")("a corporate dnsmasq reaches the lab, forward and reverse", async (t) => {
  const { stdout, stderr } = await inNamespaces(`${FORWARDER}
cat >/mnt/corporate/dnsmasq.conf <<'END'
listen-address=10.8.0.53
bind-interfaces
no-resolv
bogus-priv
stop-dns-rebind
user=root
pid-file=
${plan().dnsmasq}
END
dnsmasq --keep-in-foreground --conf-file=/mnt/corporate/dnsmasq.conf >/mnt/corporate.log 2>&1 &
answers; cat /mnt/corporate.log >&2`);
  t.is(stdout, EXPECTED, stderr);
});
