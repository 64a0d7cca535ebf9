import { join } from "node:path";
import { ENI, SCRIPT_DIR, userData, writeFileOf } from "./samples";
import { inNamespace, testWith } from "./tools";

/**
 * The configuration for Amazon Linux 2023, judged by systemd-networkd itself (version 252 there, and on Debian 12).
 * A read-only /sys makes networkd believe that it is in a container, where it does not wait for udev.
 */
const NETWORKD = "/lib/systemd/systemd-networkd";
const withNetworkd = testWith("root", "namespaces", "ip", NETWORKD);

const SETUP = `
mount -t tmpfs none /run; mount -t tmpfs none /etc/systemd/network; mount -t sysfs -o ro none /sys
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
chown -R systemd-network: /run/systemd/netif
start() { ${NETWORKD} >>/run/log 2>&1 & networkd=$!; }
restart() { kill $networkd; wait $networkd || true; start; }
# Waits for what a command prints, at most ten seconds; then shows networkd's log.
until_shown() {
  for _ in $(seq 100); do if eval "$1" | grep -q -- "$2"; then return 0; fi; sleep 0.1; done
  echo "never shown: $1: $2" >&2; cat /run/log >&2; return 1
}
until_gone() {
  for _ in $(seq 100); do if ! eval "$1" | grep -q -- "$2"; then return 0; fi; sleep 0.1; done
  echo "never gone: $1: $2" >&2; cat /run/log >&2; return 1
}
ip link add ens5 type veth peer name router5; ip link set router5 up
cat >/etc/systemd/network/70-ens5.network <<'END'
[Match]
Name=ens5
[Network]
Address=10.0.64.10/20
Gateway=10.0.64.1
END
`;

withNetworkd(
  "the overlay address survives a restart of networkd, and is never the node's source",
  async (t) => {
    const { code, stdout, stderr } = await inNamespace(`${SETUP}
start; until_shown "ip route show default" ens5
${join(SCRIPT_DIR, "overlay-address")} 192.168.10.1/32 networkd
restart; ip address del 192.168.10.1/32 dev ens5 || true
restart; until_shown "ip address show dev ens5" "192.168.10.1/32 scope link"
until_shown "ip route show default" ens5; ip route get 203.0.113.1; kill $networkd`);
    t.is(code, 0, stderr);
    t.regex(stdout, /via 10\.0\.64\.1 dev ens5 src 10\.0\.64\.10/);
  },
);

withNetworkd(
  "the floating interface is routed through MYHA when it appears, and no more when it goes",
  async (t) => {
    const { code, stdout, stderr } = await inNamespace(`${SETUP}
${writeFileOf(userData("amazon-linux-2023", "eni"), "/etc/systemd/network/60-floating-eni.network")}
start; until_shown "ip route show default" ens5
ip rule >/run/before
for name in ens6 ens7; do
  ip link add $name address ${ENI.macAddress} type veth peer name router6; ip link set router6 up
  until_shown "ip rule" "from ${ENI.address} lookup 100"
  until_shown "ip route show table 100" "default via 10.0.0.1 dev $name"
  until_shown "ip route show table 100" "${ENI.subnetCidr} dev $name"
  until_shown "ip address show dev $name" "${ENI.address}/32"
  ip route get 10.0.0.5 from 10.0.64.10
  ip route get 203.0.113.1 from ${ENI.address}; ip route get 203.0.113.1
  ip link del $name; until_gone "ip rule" "${ENI.address}"; until_gone "ip route show table 100" .
done
ip rule | diff /run/before -; kill $networkd`);
    t.is(code, 0, stderr);
    for (const name of ["ens6", "ens7"]) {
      t.true(stdout.includes(`203.0.113.1 from ${ENI.address} via 10.0.0.1 dev ${name} table 100`), stdout);
    }
    // The node's own address answers clients in the floating interface's subnet through its own interface.
    t.is(stdout.match(/10\.0\.0\.5 from 10\.0\.64\.10 via 10\.0\.64\.1 dev ens5/g)?.length, 2, stdout);
    // Everything else still leaves through the primary interface.
    t.is(stdout.match(/203\.0\.113\.1 via 10\.0\.64\.1 dev ens5/g)?.length, 2, stdout);
  },
);
