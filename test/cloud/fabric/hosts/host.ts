import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Breakage } from "../plan/breakage";
import type { FabricPlace } from "../names";
import { run } from "../kernel/run";
import { consoleOf, diskOf, Machine } from "./machine";
import { type HostSpec, NAMED_CONF } from "./spec";

export type HostState = "off" | "booting" | "ready" | "failed" | "killed" | "frozen";

/** How long a host may take to boot, in milliseconds. */
const BOOT_MS = 120_000;
const RESULT = "/run/cloud-init/result.json";
/** Written by named when it listens. */
const NAMED_PID = "/run/named/named.pid";

/**
 * One host: brought from what it is to what it is to be, one step after the other.
 */
export class Host {
  private machine: Machine | undefined;
  private boots = 0;
  private killed = false;
  private frozen = false;
  /** One that has ended by itself: rebooted or powered off from inside, or dead. */
  private ended: Machine | undefined;
  private stateNow: HostState = "off";
  private problem = "";
  private working: Promise<void> | undefined;

  /**
   * @param plug gives its interfaces to a host that is about to boot, and takes them from one that has ended
   * @param changed is called when its state is another one
   */
  constructor(
    private readonly place: FabricPlace,
    private spec: HostSpec,
    private readonly plug: () => Promise<void>,
    private readonly changed: () => void,
  ) {}

  get key(): string {
    return this.spec.key;
  }

  get name(): string {
    return this.spec.name;
  }

  get state(): HostState {
    if (this.machine === undefined) {
      if (this.killed || this.stateNow === "failed") return this.killed ? "killed" : "failed";
      return this.spec.power === "on" ? "booting" : "off";
    }
    return this.frozen ? "frozen" : this.stateNow;
  }

  get wanted(): HostSpec {
    return this.spec;
  }

  get isWorking(): boolean {
    return this.working !== undefined;
  }

  /** Why it failed. */
  get reason(): string {
    return this.problem;
  }

  /** Whether it has a network namespace for interfaces to be plugged into. */
  get isRunning(): boolean {
    return this.machine !== undefined;
  }

  want(spec: HostSpec, breakages: readonly Breakage[]): void {
    const mine = breakages.filter((one) => "host" in one && one.host === spec.key);
    this.spec = spec;
    // Who starts a killed instance again means to have it back.
    this.killed = mine.some(({ kind }) => kind === "kill");
    const frozen = mine.some(({ kind }) => kind === "freeze");
    if (frozen !== this.frozen && this.machine !== undefined) {
      this.machine.freeze(frozen);
      this.frozen = frozen;
      this.changed();
    }
    this.work();
  }

  /** Ends it at once, with the fabric. */
  async end(): Promise<void> {
    this.killed = true;
    this.work();
    await this.settled();
  }

  /** Resolves when it is as it is to be, or has failed. */
  async settled(): Promise<void> {
    while (this.working !== undefined) await this.working;
  }

  /** What it has said, at most this many characters from the end. */
  async console(): Promise<string> {
    const file = consoleOf(this.place, this.name);
    const said = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
    const journal = `${diskOf(this.place, this.key)}/upper/var/log/journal`;
    const log = await run("journalctl", [
      "-D",
      journal,
      "--no-pager",
      "-q",
      "-n",
      "200",
      "-o",
      "short",
    ]).catch((error: unknown) => `no journal: ${String(error)}`);
    return `${said}\n--- journal ---\n${log}`;
  }

  private work(): void {
    if (this.working !== undefined) return;
    this.working = this.steps()
      .catch((error: unknown) => {
        this.fail(error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        this.working = undefined;
        this.changed();
        // It may have ended when nobody looked any more.
        if (this.hasEnded()) this.work();
      });
  }

  private hasEnded(): boolean {
    return this.machine !== undefined && this.ended === this.machine;
  }

  private async steps(): Promise<void> {
    for (;;) {
      const { power, boots } = this.spec;
      const on = power === "on" && !this.killed;
      if (this.hasEnded()) {
        // An instance that runs has a host that runs; one that doesn't come up isn't tried without a pause.
        await this.stop(false);
        await sleep(500);
      } else if (this.machine !== undefined && (!on || boots !== this.boots)) {
        await this.stop(power !== "gone" && !this.killed);
      } else if (this.machine === undefined && on) {
        await this.start();
      } else {
        if (power === "gone") fs.rmSync(diskOf(this.place, this.key), { recursive: true, force: true });
        return;
      }
    }
  }

  private async start(): Promise<void> {
    const machine = new Machine(this.place, this.spec);
    this.boots = this.spec.boots;
    this.stateNow = "booting";
    this.problem = "";
    await machine.prepare();
    this.machine = machine;
    await this.plug();
    machine.boot(() => {
      this.ended = machine;
      this.work();
    });
    this.changed();
    void this.watch(machine).catch((error: unknown) => this.fail(String(error)));
  }

  private async stop(orderly: boolean): Promise<void> {
    const machine = this.machine;
    if (machine === undefined) return;
    this.stateNow = "off";
    if (this.frozen) machine.freeze(false);
    this.frozen = false;
    await machine.end(orderly);
    this.machine = undefined;
    // First the links, then what they lead to.
    await this.plug();
    await machine.release();
    this.changed();
  }

  private async watch(machine: Machine): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    while (this.machine === machine && this.stateNow === "booting") {
      const problem = this.verdict(machine);
      if (problem === "") {
        this.stateNow = "ready";
        this.changed();
        return;
      }
      if (problem !== undefined) return this.fail(problem);
      if (Date.now() > deadline) return this.fail(`it did not finish booting within ${BOOT_MS / 1000} s`);
      await sleep(200);
    }
  }

  /** Empty when it is ready; undefined while nobody knows. */
  private verdict(machine: Machine): string | undefined {
    if (this.spec.instance === undefined) {
      const serves = this.spec.files[NAMED_CONF] === undefined || machine.read(NAMED_PID) !== undefined;
      const state = machine.read("/run/systemd/netif/state") ?? "";
      return serves && state.includes("OPER_STATE=routable") ? "" : undefined;
    }
    const text = machine.read(RESULT);
    if (text === undefined) return undefined;
    const { v1 } = JSON.parse(text) as { v1: { errors: string[] } };
    return v1.errors.length === 0 ? "" : `cloud-init reports: ${v1.errors.join("; ")}`;
  }

  private fail(problem: string): void {
    this.stateNow = "failed";
    this.problem = problem;
    console.error(`${this.name}: ${problem}`);
    this.changed();
  }
}
