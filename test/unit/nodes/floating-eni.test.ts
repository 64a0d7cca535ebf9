import { join } from "node:path";
import test from "ava";
import { parse } from "yaml";
import { ENI, filesOf, SCRIPT_DIR, userData } from "./samples";
import { inNamespace, testWith } from "./tools";

const SCRIPT = `${join(SCRIPT_DIR, "floating-eni-routing")} ${ENI.address} ${ENI.subnetCidr} 10.0.0.1`;
const namespaced = testWith("root", "namespaces", "ip");

const HOST = `
ip link add eth0 type veth peer name router0; ip link set eth0 up; ip link set router0 up
ip address add 10.0.64.10/20 dev eth0; ip route add default via 10.0.64.1 dev eth0
plug() { ip link add $1 type veth peer name router1; ip link set $1 up; ip link set router1 up; ip address add ${ENI.address}/32 dev $1; }
before=$(mktemp); trap 'rm -f "$before"' EXIT; ip rule >"$before"
`;

namespaced("the rule and the table come with the interface and go with it", async (t) => {
  const { code, stdout, stderr } = await inNamespace(`${HOST}
plug eth1; ${SCRIPT}; ip route get 203.0.113.1 from ${ENI.address}; ip route get 203.0.113.1
ip link del eth1; ${SCRIPT}; ip rule | diff "$before" -; ip route show table 100 2>/dev/null || true; echo end`);
  t.is(code, 0, stderr);
  t.regex(stdout, /from 10\.0\.0\.12 via 10\.0\.0\.1 dev eth1 table 100/);
  t.regex(stdout, /203\.0\.113\.1 via 10\.0\.64\.1 dev eth0/);
  t.regex(stdout, /cache\s+end\n$/);
});

namespaced("without a PATH, as udev starts it, it does the same", async (t) => {
  for (const path of ["", "PATH=/nonexistent"]) {
    const { code, stdout, stderr } = await inNamespace(`${HOST}
plug eth1; env -i ${path} ${SCRIPT}; ip route get 203.0.113.1 from ${ENI.address}
ip link del eth1; env -i ${path} ${SCRIPT}; ip rule | diff "$before" -`);
    t.is(code, 0, stderr);
    t.regex(stdout, /from 10\.0\.0\.12 via 10\.0\.0\.1 dev eth1 table 100/);
  }
});

namespaced("running it again changes nothing, with and without the interface", async (t) => {
  const state = "ip rule; ip route show table 100 2>/dev/null || true";
  const { code, stdout, stderr } = await inNamespace(`${HOST}
${SCRIPT}; ${SCRIPT}; ip rule | diff "$before" -
plug eth1; ${SCRIPT}; ${state}; echo ==; ${SCRIPT}; ${state}`);
  t.is(code, 0, stderr);
  const [before, after] = stdout.split("==\n");
  t.regex(before ?? "", /lookup (100|MYHA)/);
  t.is(before, after);
});

namespaced("an interface that comes back under another name gets the routes", async (t) => {
  const { code, stdout, stderr } = await inNamespace(`${HOST}
plug eth1; ${SCRIPT}; ip link del eth1; plug eth2; ${SCRIPT}; ip route show table 100; ip rule`);
  t.is(code, 0, stderr);
  t.regex(stdout, /default via 10\.0\.0\.1 dev eth2/);
  t.is(stdout.match(/from 10\.0\.0\.12/g)?.length, 1);
});

namespaced("other people's rules and tables are left alone", async (t) => {
  const { code, stdout, stderr } = await inNamespace(`${HOST}
ip rule add from 10.0.0.13 table 100 priority 99; ip rule add from 10.0.64.10 table 10000 priority 10000
ip route add default via 10.0.64.1 dev eth0 table 10000
plug eth1; ${SCRIPT}; ip link del eth1; ${SCRIPT}; ip rule; ip route show table 10000`);
  t.is(code, 0, stderr);
  t.regex(stdout, /99:\s+from 10\.0\.0\.13/);
  t.regex(stdout, /10000:\s+from 10\.0\.64\.10/);
  t.regex(stdout, /default via 10\.0\.64\.1 dev eth0/);
});

test("SLES 15: wicked is told address, table and rule, and cloud-netconfig to keep off", (t) => {
  const files = filesOf(userData("sles-15", "eni"));
  t.regex(files.get("/etc/sysconfig/network/ifcfg-eth1") ?? "", /^CLOUD_NETCONFIG_MANAGE='no'$/m);
  t.regex(files.get("/etc/sysconfig/network/ifcfg-eth1") ?? "", /^IPADDR='10\.0\.0\.12\/32'$/m);
  t.is(files.get("/etc/sysconfig/network/ifrule-eth1"), "ipv4 from 10.0.0.12 table 100 pref 100\n");
  t.regex(files.get("/etc/sysconfig/network/ifroute-eth1") ?? "", /^default 10\.0\.0\.1 - eth1 table 100$/m);
});

test("the table has its name on both systems, and the undoing is wired to the interface's removal", (t) => {
  for (const system of ["amazon-linux-2023", "sles-15"] as const) {
    const files = filesOf(userData(system, "eni"));
    t.is(files.get("/etc/iproute2/rt_tables.d/myha.conf"), "100 MYHA\n");
    const rules = files.get("/etc/udev/rules.d/72-floating-eni.rules") ?? "";
    t.true(
      rules.endsWith(
        'ACTION=="remove", SUBSYSTEM=="net", ' +
          'RUN+="/usr/local/sbin/floating-eni-routing 10.0.0.12 10.0.0.0/20 10.0.0.1"\n',
      ),
    );
  }
});

test("SLES 15: an interface that is plugged in after the network has started is set up, by a unit that udev starts", (t) => {
  const files = filesOf(userData("sles-15", "eni"));
  const rules = files.get("/etc/udev/rules.d/72-floating-eni.rules") ?? "";
  t.regex(
    rules,
    /^ACTION=="add", SUBSYSTEM=="net", ATTR\{address\}=="0a:1b:2c:3d:4e:5f", TAG\+="systemd", ENV\{SYSTEMD_WANTS\}\+="floating-eni\.service"$/m,
  );
  const unit = files.get("/etc/systemd/system/floating-eni.service") ?? "";
  t.regex(unit, /^ExecStart=\/usr\/sbin\/wicked ifup eth1$/m);
  t.regex(
    unit,
    /^ExecStart=\/usr\/local\/sbin\/floating-eni-routing 10\.0\.0\.12 10\.0\.0\.0\/20 10\.0\.0\.1$/m,
  );
  t.notRegex(unit, /RemainAfterExit/);
  const { runcmd } = parse(userData("sles-15", "eni"), { version: "1.1" }) as { runcmd: string[][] };
  // In this order: udev reads the rule, systemd the unit, and an interface that is there already is announced anew.
  const commands = runcmd.map((words) => words.join(" "));
  const order = ["systemctl daemon-reload", "udevadm control --reload", "udevadm trigger --action=add"];
  const at = order.map((command) => commands.findIndex((line) => line.startsWith(command)));
  t.deepEqual(
    at,
    [...at].sort((a, b) => a - b),
  );
  t.false(at.includes(-1));
});
