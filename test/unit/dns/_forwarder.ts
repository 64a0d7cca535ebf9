/**
 * A forwarder with real BIND in namespaces of its own, run as on an instance: `/etc/named.conf`, group named, rndc. The
 * VPC is another network namespace: a resolver that knows the private zone at 10.0.0.2, one that knows the intranet only at
 * 10.0.0.4, a host without DNS at 10.0.0.3, and clients.
 */
import { planRollOut } from "../../../components/dns/roll-out.plan";
import { type Outcome, testWith } from "../nodes/tools";
import { inNamespaces } from "./_namespace";
import { namedConf } from "./samples";

export const withForwarder = testWith("root", "namespaces", "named", "rndc", "dig", "ip");

const heredoc = (file: string, text: string): string => `cat >${file} <<'END-OF-FILE'\n${text}END-OF-FILE\n`;

function command(): string {
  const plan = planRollOut({ zone: "awslab.mycompany.corp" });
  if (!plan.ok) throw new Error("The zone of the tests is none");
  return plan.value;
}

const RESOLVER = `
options { directory "/mnt/resolver"; listen-on { 10.0.0.2; }; listen-on-v6 { none; }; recursion no;
  pid-file none; session-keyfile none; dnssec-validation no; allow-query { any; }; };
controls { };
zone "awslab.mycompany.corp" { type primary; file "zone"; };
`;
const STRANGER = RESOLVER.replace("10.0.0.2", "10.0.0.4").replace(
  `zone "awslab.mycompany.corp"`,
  `zone "mycompany.corp"`,
);

/** Bash lines that make the forwarder, serving `namedConf()`, in namespaces that `inNamespaces` has made. */
export const FORWARDER = `
for dir in /run /mnt; do mount -t tmpfs none $dir; done
for dir in etc var; do
  mkdir -p /mnt/$dir/upper /mnt/$dir/work
  mount -t overlay none -o lowerdir=/$dir,upperdir=/mnt/$dir/upper,workdir=/mnt/$dir/work /$dir
done
mkdir -p /run/named /var/log/named /var/named /mnt/resolver /mnt/bin
echo named:x:5300: >>/etc/group
# named gives up root's right to read what belongs to others.
rndc-confgen -a >/dev/null 2>&1; chown root: /etc/bind/rndc.key
ip netns add vpc
ip link add eth0 type veth peer name eth0 netns vpc
ip address add 10.0.64.5/16 dev eth0; ip link set eth0 up
ip -n vpc link set lo up; ip -n vpc link set eth0 up
for address in 10.0.0.2 10.0.0.3 10.0.0.4 10.0.9.7; do ip -n vpc address add $address/16 dev eth0; done
ip -n vpc address add 10.9.0.7/32 dev eth0; ip route add 10.9.0.7 dev eth0
printf '%s\\n' '@ 10 SOA ns.example. host.example. 1 60 60 60 900' '@ NS ns.example.' 'myservice 10 A 10.0.0.10' >/mnt/resolver/zone
${heredoc("/mnt/resolver/named.conf", RESOLVER)}
${heredoc("/mnt/resolver/stranger.conf", STRANGER)}
for file in named stranger; do ip netns exec vpc named -g -c /mnt/resolver/$file.conf >/mnt/resolver/$file.log 2>&1 & done
${heredoc("/mnt/bin/systemctl", `#!/bin/sh\necho "$*" >>/mnt/systemctl.log\n[ "$1" = start ] && named -c /etc/named.conf\n`)}
chmod +x /mnt/bin/systemctl
${heredoc("/etc/named.conf", namedConf())}
${heredoc("/mnt/roll-out", command())}
ask() { ip netns exec vpc dig +short +time=2 +tries=1 @10.0.64.5 -b "$1" myservice.awslab.mycompany.corp A; }
roll_out() { PATH=/mnt/bin:$PATH sh /mnt/roll-out; }
until_answered() { for _ in $(seq 100); do if ask 10.0.9.7 | grep -q '^10'; then return; fi; sleep 0.1; done; return 1; }
named -g -c /etc/named.conf >>/mnt/forwarder.log 2>&1 &
forwarder=$!
until_answered
`;

/** Runs bash lines beside a forwarder that serves `namedConf()`; `files` are written to /mnt first, by name. */
export async function besideForwarder(script: string, files: Record<string, string> = {}): Promise<Outcome> {
  const written = Object.entries(files).map(([name, text]) => heredoc(`/mnt/${name}`, text));
  return await inNamespaces(`${FORWARDER}${written.join("")}\n${script}`);
}
