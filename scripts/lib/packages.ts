/** Debian packages that tests use as judges and as third-party clients. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { missingPackages } from "../../test/cloud/fabric/requirements";

/** Package by a file that it brings. */
const packages: Readonly<Record<string, string>> = {
  iproute2: "ip",
  nftables: "nft",
  "resource-agents": "/usr/lib/ocf/resource.d/heartbeat/aws-vpc-move-ip",
  "cloud-init": "cloud-init",
  "bind9-utils": "named-checkconf",
  bind9: "named",
  "bind9-dnsutils": "dig",
  unbound: "unbound-checkconf",
  "dnsmasq-base": "dnsmasq",
  curl: "curl",
  openssl: "openssl",
  systemd: "/usr/bin/systemd-analyze",
  "openssh-server": "sshd",
};

const searched = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function isThere(file: string): boolean {
  const test = file.startsWith("/") ? ["-e", file] : undefined;
  const found = test
    ? spawnSync("test", test)
    : spawnSync("sh", ["-c", 'command -v "$0"', file], { env: { PATH: searched } });
  return found.status === 0;
}

/**
 * Installs what is missing where that is possible: on Debian and its kin, as root. Elsewhere the tests that need a tool
 * say that they are skipped, and why; on CI they fail.
 */
export function installPackages(report: (line: string) => void): void {
  const tools = Object.entries(packages).flatMap(([name, file]) => (isThere(file) ? [] : [name]));
  // What packet labs would install themselves; several of them at once would get in each other's way.
  const missing = [...new Set([...tools, ...missingPackages()])];
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !isThere("apt-get")) {
    report(`Some tests need these Debian packages, which are not installed: ${missing.join(" ")}`);
    return;
  }
  report(`Installing the Debian packages ${missing.join(", ")} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) =>
    spawnSync("apt-get", ["-qq", "-o", "Dpkg::Use-Pty=0", ...args], { env, encoding: "utf8" });
  const update = apt("update");
  const install = withoutServices(() => apt("install", "-y", "--no-install-recommends", ...missing));
  if (install.status === 0) return;
  report(`apt-get could not install ${missing.join(" ")}:\n${update.stderr}${install.stderr}`);
  if (process.env.CI) throw new Error("CI may not skip tests: the packages above have to be there.");
}

/** Debian asks this program whether a package may start its service; 101 is no. */
const policyFile = "/usr/sbin/policy-rc.d";

/** No server may start on this machine because a test wants to call its checker. */
function withoutServices<T>(work: () => T): T {
  if (fs.existsSync(policyFile)) return work();
  fs.writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return work();
  } finally {
    fs.rmSync(policyFile, { force: true });
  }
}
