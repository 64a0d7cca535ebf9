import * as fs from "node:fs";
import type { CloudModel } from "../model";
import type { Controlled, FabricReport } from "./control";
import { Host } from "./hosts/host";
import { corporateHost, type HostSpec, instanceHosts } from "./hosts/spec";
import { DhcpServers } from "./kernel/dhcp";
import { KernelNetwork } from "./kernel/network";
import type { FabricPlace } from "./names";
import type { Breakage } from "./plan/breakage";
import { CORPORATE_HOSTS, type CorporateSide } from "./plan/corporate";
import { corporateDhcp, vpcDhcp } from "./plan/dhcp";
import { CORPORATE_ROUTER, vpcNamespace } from "./plan/names";
import { planNetwork } from "./plan/network";
import { pluggedInterfaces } from "./plan/plugged";
import type { Services } from "./services/processes";

/** How often it looks whether somebody has disturbed the kernel's state, in milliseconds. */
const LOOK_EVERY_MS = 3000;

/** Makes hosts and networks what the fake AWS says, and keeps them so. The state of the API is its only driver. */
export class Fabric implements Controlled {
  private readonly hosts = new Map<string, Host>();
  private readonly network = new KernelNetwork();
  private readonly dhcp = new DhcpServers();
  private breakages: readonly Breakage[] = [];
  private model: CloudModel | undefined;
  private applied = { n: 0, at: 0 };
  private pending: Promise<void> = Promise.resolve();
  private wanted: { look: boolean } | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly place: FabricPlace,
    private readonly services: Services,
  ) {
    this.timer = setInterval(() => void this.apply(true).catch(complain), LOOK_EVERY_MS);
  }

  /** Takes over what is in the fake AWS now. */
  async take(model: CloudModel): Promise<void> {
    this.model = model;
    this.healStarted(model);
    this.wantHosts();
    // What fails now is tried again by the next look: no fault of one host may end all of them.
    await this.apply(false).catch(complain);
  }

  async corporateChanged(): Promise<void> {
    this.wantHosts();
    await this.apply(false);
  }

  report(): FabricReport {
    return {
      hosts: [...this.hosts.values()].map((host) => ({
        key: host.key,
        name: host.name,
        state: host.state,
        zone: this.model?.instances.find(({ id }) => id === host.key)?.availabilityZone ?? "",
        reason: host.reason,
      })),
      breakages: this.breakages,
      n: this.applied.n,
      appliedAt: this.applied.at,
    };
  }

  async break(breakage: Breakage): Promise<void> {
    const known = breakage.kind === "cut-zone" ? this.checkZone(breakage) : this.checkHost(breakage);
    this.breakages = [...this.breakages, known];
    this.wantHosts();
    await this.apply(false);
  }

  async heal(): Promise<void> {
    this.breakages = [];
    this.wantHosts();
    await this.apply(false);
  }

  async console(name: string): Promise<string> {
    return await this.hostNamed(name).console();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const gone = [...this.hosts.values()].map((host) => host.end());
    await Promise.all(gone);
  }

  private checkZone<B extends Breakage & { kind: "cut-zone" }>(breakage: B): B {
    const zones = [...new Set(this.model?.instances.map(({ availabilityZone }) => availabilityZone))];
    if (zones.includes(breakage.zone)) return breakage;
    throw new Error(`No host is in the zone ${breakage.zone}. There are: ${zones.sort().join(", ")}`);
  }

  private checkHost(breakage: Exclude<Breakage, { kind: "cut-zone" }>): Breakage {
    return { ...breakage, host: this.hostNamed(breakage.host).key };
  }

  private hostNamed(name: string): Host {
    const found = [...this.hosts.values()].find((host) => host.name === name || host.key === name);
    if (found !== undefined) return found;
    const names = [...this.hosts.values()].map((host) => host.name).sort();
    throw new Error(`There is no host ${name}. There are: ${names.join(", ")}`);
  }

  /** Whoever starts a killed or frozen instance anew has it back: what was broken was another boot. */
  private healStarted(model: CloudModel): void {
    this.breakages = this.breakages.filter((breakage) => {
      if (!("host" in breakage)) return true;
      const instance = model.instances.find(({ id }) => id === breakage.host);
      if (instance === undefined) return this.hosts.has(breakage.host);
      const isOfThisBoot = breakage.kind === "kill" || breakage.kind === "freeze";
      return !isOfThisBoot || ["pending", "running"].includes(instance.state);
    });
  }

  private wantHosts(): void {
    const { model } = this;
    if (model === undefined) return;
    const side = this.corporateSide();
    const corporate = CORPORATE_HOSTS.map((host) => corporateHost(host, side));
    const specs = new Map([...instanceHosts(model), ...corporate].map((spec) => [spec.key, spec]));
    for (const [key, host] of this.hosts) {
      if (specs.has(key)) continue;
      host.want({ ...host.wanted, power: "gone" }, []);
    }
    for (const spec of specs.values()) this.hostOf(spec)?.want(spec, this.breakages);
  }

  /** One that is gone is not made for it. */
  private hostOf(spec: HostSpec): Host | undefined {
    const present = this.hosts.get(spec.key);
    if (present !== undefined || spec.power === "gone") return present;
    const host = new Host(
      this.place,
      spec,
      () => this.apply(false),
      () => this.hostChanged(host),
    );
    this.hosts.set(spec.key, host);
    return host;
  }

  private hostChanged(host: Host): void {
    if (host.wanted.power === "gone" && !host.isRunning && !host.isWorking) this.hosts.delete(host.key);
    this.apply(false).catch(complain);
  }

  private corporateSide(): CorporateSide | undefined {
    if (!fs.existsSync(this.place.corporate)) return undefined;
    return JSON.parse(fs.readFileSync(this.place.corporate, "utf8")) as CorporateSide;
  }

  /** Brings the kernel to what is known now; calls that come meanwhile are one more round. */
  private apply(look: boolean): Promise<void> {
    if (this.wanted !== undefined) {
      this.wanted.look ||= look;
      return this.pending;
    }
    const wanted = { look };
    this.wanted = wanted;
    this.pending = this.pending
      .catch(() => undefined)
      .then(async () => {
        this.wanted = undefined;
        await this.round(wanted.look);
      });
    return this.pending;
  }

  private async round(look: boolean): Promise<void> {
    const { model } = this;
    if (model === undefined) return;
    // One whose namespace is gone must not keep the others from what is theirs.
    const on = [...this.hosts.values()].filter(
      (host) => host.isRunning && fs.existsSync(`/run/netns/${host.key}`),
    );
    const running = new Map(on.map(({ key }) => [key, key]));
    const corporate = this.corporateSide();
    const situation = { model, running, breakages: this.breakages, ...(corporate ? { corporate } : {}) };
    const plan = planNetwork(situation);
    await this.network.apply(plan, look);
    const isThere = (id: string): boolean =>
      plan.routers.some(({ namespace }) => namespace === vpcNamespace(id));
    const vpcs = model.vpcs.filter(({ id }) => isThere(id));
    const plugged = pluggedInterfaces(model, running);
    const dhcp = vpcs.map((vpc) => {
      const own = plugged.filter(({ networkInterface }) => networkInterface.vpcId === vpc.id);
      return [vpcNamespace(vpc.id), vpcDhcp(model, vpc, own)] as const;
    });
    this.dhcp.configure(new Map([...dhcp, [CORPORATE_ROUTER, corporateDhcp()] as const]));
    this.services.configure(
      model,
      vpcs.map(({ id }) => id),
    );
    this.applied = { n: model.n, at: Date.now() };
  }
}

function complain(error: unknown): void {
  console.error("The fabric:", error instanceof Error ? error.message : error);
}
