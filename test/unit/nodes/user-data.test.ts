import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { planUserData, type UserDataArgs } from "../../../components/nodes/user-data.plan";
import { filesOf, KINDS, SCRIPTS, SYSTEMS, userData } from "./samples";
import { inNamespace, run, testWith } from "./tools";

const GOOD: UserDataArgs = {
  system: "amazon-linux-2023",
  nodeName: "node1",
  servicePort: 8080,
  ...KINDS.overlay,
  ...KINDS.eni,
  scripts: SCRIPTS,
};

function inFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "user-data-"));
  writeFileSync(join(dir, "user-data"), text);
  return use(join(dir, "user-data")).finally(() => rmSync(dir, { recursive: true }));
}

for (const system of SYSTEMS) {
  for (const kind of ["overlay", "eni"] as const) {
    testWith("cloud-init")(`cloud-init accepts the user data: ${system}, ${kind}`, async (t) => {
      const { code, stdout, stderr } = await inFile(userData(system, kind), (path) =>
        run("cloud-init", ["schema", "--config-file", path]),
      );
      t.is(code, 0, stdout + stderr);
    });

    testWith("python3")(
      `cloud-init's parser reads every file as it was given: ${system}, ${kind}`,
      async (t) => {
        const text = userData(system, kind);
        const reader = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))";
        // cloud-init's own Python, which has PyYAML; another python3 on PATH may not.
        const { stdout, stderr } = await run("/usr/bin/python3", ["-c", reader], { input: text });
        t.is(stderr, "");
        const config = JSON.parse(stdout) as {
          write_files: { path: string; content: string; permissions: string }[];
          runcmd: string[][];
        };
        t.deepEqual(new Map(config.write_files.map((f) => [f.path, f.content])), filesOf(text));
        t.true(config.write_files.every((f) => /^0[0-7]{3}$/.test(f.permissions)));
        t.true(config.runcmd.flat().every((word) => typeof word === "string"));
      },
    );

    testWith(
      "systemd-analyze",
      "root",
      "namespaces",
    )(`systemd accepts the units: ${system}, ${kind}`, async (t) => {
      const files = [...filesOf(userData(system, kind))];
      const units = files.filter(([path]) => path.startsWith("/etc/systemd/system/"));
      t.true(units.length > 0);
      const programs = files.filter(([path]) => path.startsWith("/usr/local/"));
      const lines = ["mount -t tmpfs none /usr/local", "mkdir /usr/local/bin /usr/local/sbin"];
      lines.push(...programs.map(([path]) => `install -m 755 /bin/true ${path}`), "mount -t tmpfs none /mnt");
      for (const [path, content] of units) {
        lines.push(`cat >/mnt/${path.split("/").pop()} <<'END_OF_FILE'\n${content}END_OF_FILE`);
      }
      // SLES's network service, which is not on every machine.
      lines.push(
        "[ -e /usr/sbin/wicked ] || { mount -t tmpfs none /opt; cp -a /usr/sbin/. /opt; mount --move /opt /usr/sbin; cp /bin/true /usr/sbin/wicked; }",
      );
      lines.push("systemd-analyze verify --man=no /mnt/*.service");
      const { code, stderr } = await inNamespace(lines.join("\n"));
      t.is(code, 0, stderr);
      t.notRegex(stderr, /\/mnt\//);
    });
  }
}

test("a node gets what its pair needs and nothing else", (t) => {
  const overlay = [...filesOf(userData("amazon-linux-2023", "overlay")).keys()];
  const eni = [...filesOf(userData("sles-15", "eni")).keys()];
  t.true(overlay.includes("/usr/local/sbin/overlay-address"));
  t.false(overlay.some((path) => path.includes("floating-eni")));
  t.true(eni.includes("/etc/sysconfig/network/ifrule-eth1"));
  t.false(eni.some((path) => path.includes("overlay")));
});

test("the network service is the one of the system", (t) => {
  const unit = (system: (typeof SYSTEMS)[number]) =>
    filesOf(userData(system, "overlay")).get("/etc/systemd/system/overlay-address.service") ?? "";
  t.regex(unit("amazon-linux-2023"), /overlay-address 192\.168\.10\.1\/32 networkd$/m);
  t.regex(unit("sles-15"), /overlay-address 192\.168\.10\.1\/32 wicked$/m);
});

test("everything fits into the user data of EC2 with room to spare, and what does not is refused", (t) => {
  const both = planUserData(GOOD);
  t.true(both.ok && both.value.startsWith("#cloud-config\n"));
  t.true(both.ok && Buffer.byteLength(both.value) < 16_384);
  const long = planUserData({ ...GOOD, scripts: { ...SCRIPTS, demoResponder: "#\n".repeat(8192) } });
  t.false(long.ok);
  if (!long.ok) t.regex(long.problems[0]?.reason ?? "", /EC2 accepts 16384/);
});

test("every problem is told at once", (t) => {
  const result = planUserData({
    ...GOOD,
    nodeName: "node one",
    servicePort: 80,
    overlayAddress: "192.168.10.0/24",
    floatingEni: { address: "10.9.0.12", subnetCidr: "10.0.0.0/20", macAddress: "eth1" },
  });
  t.false(result.ok);
  if (result.ok) return;
  t.deepEqual(
    result.problems.map((p) => p.key),
    ["nodeName", "servicePort", "overlayAddress", "floatingEni.address", "floatingEni.macAddress"],
  );
});

for (const bad of [
  "",
  "Node1",
  "node1\nExecStart=/bin/sh",
  "node1 8080; reboot",
  "-node",
  "$(id)",
  "a".repeat(64),
]) {
  test(`the node name ${JSON.stringify(bad.slice(0, 30))} is refused`, (t) => {
    t.false(planUserData({ ...GOOD, nodeName: bad }).ok);
  });
}

for (const bad of [
  "192.168.10.1",
  "192.168.10.1/31",
  "192.168.10.1/32 x",
  "2001:DB8::1/128",
  "0.0.0.0/0",
  "",
]) {
  test(`the overlay address ${JSON.stringify(bad)} is refused`, (t) => {
    t.false(planUserData({ ...GOOD, overlayAddress: bad }).ok);
  });
}
