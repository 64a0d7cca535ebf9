import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { PRIVATE } from "../names";
import type { DhcpPlan } from "../plan/dhcp";

interface Running {
  readonly settings: string;
  /** Whom it may have leased an address to: MAC address by address. */
  readonly leased: Map<string, string>;
  readonly child: ChildProcess;
}

/** The DHCP servers of the routers: dnsmasq, one in each namespace. */
export class DhcpServers {
  private readonly running = new Map<string, Running>();

  /** Lets the routers answer as planned, and no others. */
  configure(plans: ReadonlyMap<string, DhcpPlan>): void {
    for (const [namespace, { child }] of this.running) {
      if (plans.has(namespace)) continue;
      child.kill("SIGKILL");
      this.running.delete(namespace);
    }
    for (const [namespace, plan] of plans) this.ensure(namespace, plan);
  }

  private ensure(namespace: string, { settings, hosts }: DhcpPlan): void {
    const folder = path.join(PRIVATE.dhcp, namespace);
    const file = path.join(folder, "hosts");
    const present = this.running.get(namespace);
    const known = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
    // A server gives nobody an address that it has leased to another one: it has to forget that.
    const isServing =
      present?.child.exitCode === null && present.settings === settings && !disagrees(present.leased, hosts);
    if (known !== hosts) {
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(file, hosts);
    }
    if (isServing) {
      for (const [address, mac] of addressesIn(hosts)) present.leased.set(address, mac);
      if (known !== hosts) present.child.kill("SIGHUP");
      return;
    }
    present?.child.kill("SIGKILL");
    fs.writeFileSync(path.join(folder, "settings"), `${settings}dhcp-hostsfile=${file}\n`);
    const args = [
      "netns",
      "exec",
      namespace,
      "dnsmasq",
      "--keep-in-foreground",
      `--conf-file=${folder}/settings`,
    ];
    const child = spawn("ip", args, { stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", (error) => console.error(`dnsmasq in ${namespace}: ${error.message}`));
    child.once("exit", (code) => {
      if (code !== null) console.error(`dnsmasq in ${namespace} ended with exit code ${code}`);
    });
    this.running.set(namespace, { settings, leased: new Map(addressesIn(hosts)), child });
  }
}

function addressesIn(hosts: string): [address: string, mac: string][] {
  return hosts.split("\n").flatMap((line) => {
    const [mac, address] = line.split(",");
    return mac !== undefined && address !== undefined ? [[address, mac]] : [];
  });
}

function disagrees(leased: ReadonlyMap<string, string>, hosts: string): boolean {
  return addressesIn(hosts).some(([address, mac]) => (leased.get(address) ?? mac) !== mac);
}
