import { join } from "node:path";
import { SCRIPT_DIR } from "./samples";
import { inNamespace, testWith } from "./tools";

const SCRIPT = join(SCRIPT_DIR, "overlay-address");
const namespaced = testWith("root", "namespaces", "ip");

/** Two interfaces with a default route each, and empty folders where the network services keep their files. */
const HOST = `
for dir in /etc/systemd /etc/sysconfig/network; do [ -d $dir ] || mkdir -p $dir; mount -t tmpfs none $dir; done
ip link add eth0 type veth peer name router0; ip link add ens5 type veth peer name router5
for i in eth0 ens5 router0 router5; do ip link set $i up; done
ip address add 10.0.64.10/20 dev ens5; ip address add 10.0.0.20/20 dev eth0
ip route add default via 10.0.0.1 dev eth0 metric 513
ip route add default via 10.0.64.1 dev ens5 metric 512
`;

namespaced("the address goes to the interface of the default route with the lowest metric", async (t) => {
  const { stdout, code, stderr } = await inNamespace(`${HOST}
${SCRIPT} 192.168.10.1/32 wicked
ip -br -4 address show dev ens5; ip -br -4 address show dev eth0`);
  t.is(code, 0, stderr);
  t.regex(stdout, /ens5.*192\.168\.10\.1\/32/);
  t.notRegex(stdout, /eth0.*192\.168\.10\.1/);
});

namespaced("running it again changes nothing", async (t) => {
  const state =
    "ip -o address; find /etc/systemd /etc/sysconfig -type f -exec stat -c '%n %y %i' {} + | sort";
  for (const manager of ["wicked", "networkd"]) {
    const { stdout, code, stderr } = await inNamespace(`${HOST}
${SCRIPT} 192.168.10.1/32 ${manager} >/dev/null; ${state}; echo ==; ${SCRIPT} 192.168.10.1/32 ${manager}; ${state}`);
    t.is(code, 0, stderr);
    const [before, after] = stdout.split("==\n");
    t.regex(before ?? "", /192\.168\.10\.1/);
    t.is(before, after);
  }
});

namespaced("it is neither the node's source nor its own address, even if it was there first", async (t) => {
  const { stdout, code, stderr } = await inNamespace(`${HOST}
ip address del 10.0.64.10/20 dev ens5; ip route add default dev ens5 metric 1
${SCRIPT} 192.168.10.1/32 wicked
ip address add 10.0.64.10/20 dev ens5; ip route replace default dev ens5 scope global metric 1
ip -4 route get 203.0.113.1; ip -4 -o address show dev ens5 scope global`);
  t.is(code, 0, stderr);
  t.regex(stdout, /203\.0\.113\.1 dev ens5 src 10\.0\.64\.10/);
  t.notRegex(stdout, /192\.168\.10\.1/);
});

namespaced("what the node answers from the address is sent from it", async (t) => {
  const { stdout, code, stderr } = await inNamespace(`${HOST}
${SCRIPT} 192.168.10.1/32 wicked
ip -4 route get 203.0.113.1 from 192.168.10.1; ip -4 route show table local | grep 192.168.10.1`);
  t.is(code, 0, stderr);
  t.regex(stdout, /from 192\.168\.10\.1 via 10\.0\.64\.1 dev ens5/);
  t.regex(stdout, /local 192\.168\.10\.1 dev ens5/);
});

namespaced(
  "wicked: the rest of the interface's configuration stays, and cloud-netconfig is told to keep off",
  async (t) => {
    const { stdout, code, stderr } = await inNamespace(`${HOST}
printf "BOOTPROTO='dhcp'\\nMTU='9001'\\nCLOUD_NETCONFIG_MANAGE='yes'\\n" >/etc/sysconfig/network/ifcfg-ens5
${SCRIPT} 192.168.10.9/32 wicked; ${SCRIPT} 192.168.10.1/32 wicked; cat /etc/sysconfig/network/ifcfg-ens5`);
    t.is(code, 0, stderr);
    t.is(
      stdout,
      "BOOTPROTO='dhcp'\nMTU='9001'\nCLOUD_NETCONFIG_MANAGE='no'\nIPADDR_overlay='192.168.10.1/32'\nSCOPE_overlay='link'\n",
    );
  },
);

namespaced("networkd: a drop-in of an earlier instance type's interface is removed", async (t) => {
  const { stdout, code, stderr } = await inNamespace(`${HOST}
mkdir -p /etc/systemd/network/70-enX0.network.d
echo old >/etc/systemd/network/70-enX0.network.d/50-overlay-address.conf
${SCRIPT} 192.168.10.1/32 networkd; find /etc/systemd -type f`);
  t.is(code, 0, stderr);
  t.is(stdout, "/etc/systemd/network/70-ens5.network.d/50-overlay-address.conf\n");
});

namespaced("an IPv6 overlay address, on the interface of the IPv6 default route", async (t) => {
  const { stdout, code, stderr } = await inNamespace(`${HOST}
ip -6 address add 2001:db8:1::20/64 dev eth0 nodad; ip -6 route add default via 2001:db8:1::1 dev eth0
${SCRIPT} 2001:db8:ffff::1/128 wicked
ip -6 -o address show dev eth0 to 2001:db8:ffff::1; ip -6 route get 2001:db8:2::2`);
  t.is(code, 0, stderr);
  t.regex(stdout, /2001:db8:ffff::1\/128 .*deprecated/);
  t.regex(stdout, /src 2001:db8:1::20/);
});

namespaced("a default route that comes late is waited for; one that never comes is an error", async (t) => {
  const late = await inNamespace(`${HOST}
ip route flush default; (sleep 1; ip route add default via 10.0.64.1 dev ens5) &
${SCRIPT} 192.168.10.1/32 wicked; ip -br -4 address show dev ens5`);
  t.regex(late.stdout, /192\.168\.10\.1/);
  const never = await inNamespace(
    `${HOST}
ip route flush default; ${SCRIPT} 192.168.10.1/32 wicked`,
    { OVERLAY_ADDRESS_WAIT: "0" },
  );
  t.is(never.code, 1);
  t.regex(never.stderr, /no default route, so no interface for 192\.168\.10\.1\/32/);
});

namespaced("wrong arguments are told, and nothing is changed", async (t) => {
  for (const args of ["", "192.168.10.1 wicked", "192.168.10.0/24 wicked", "192.168.10.1/32 ifupdown"]) {
    const { code, stdout } = await inNamespace(`${HOST}
${SCRIPT} ${args} || code=$?; ip -br address; exit $code`);
    t.is(code, 2, args);
    t.notRegex(stdout, /192\.168\.10\.1/);
  }
});
