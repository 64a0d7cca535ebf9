import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault, Health, ImdsCredentials } from "../admin/types";
import type { CloudModel } from "../../model";
import { Zones } from "../dns/zones";
import { Ec2Region } from "../ec2/region";
import { authorize } from "../iam/authorize";
import { Directory } from "../iam/directory";
import { Principals } from "../iam/principals";
import { ownCall, withInput, withParams } from "../moto/calls";
import { modelOf } from "../model/model";
import { MotoClient } from "../moto/client";
import type { Moto } from "../moto/process";
import { handlers } from "../rules";
import { readInput } from "../service-model/input";
import { checkLimits } from "../service-model/limits";
import type { ServiceModel, ServiceModels } from "../service-model/types";
import { refuseUndeclared } from "../service-model/vet";
import { changedSettings, DEFAULT_SETTINGS, type CloudSettings } from "../settings";
import { Audit } from "./audit";
import { credentialScope, parseCall, type Call, type RawRequest } from "./call";
import { AwsError, CloudDied, dryRun, errorReply, notImplemented } from "./errors";
import { Events, resourceIds } from "./events";
import { Faults } from "./faults";
import { isRead, type Context, type Handler } from "./handler";
import { Idempotency } from "./idempotency";
import { impair, instanceCredentials } from "./instance-powers";
import { Mutex } from "./mutex";
import { protocolOf } from "./protocol";
import type { Reply } from "./reply";
import { auditEntry, newTrace, tracing, type Trace } from "./trace";

/** What happened to a request: the reply, or undefined if the connection is to be closed without one. */
export type Outcome = Reply | undefined;

/** The fake AWS: every request goes through `handle`. */
export class Gateway {
  readonly cloudId = randomUUID();
  readonly startedAt = new Date().toISOString();
  readonly faults = new Faults();
  readonly events = new Events();
  readonly audit: Audit;
  private readonly client: MotoClient;
  private readonly changes = new Mutex();
  private readonly closing = new AbortController();
  private readonly principals = new Principals();
  private readonly directory: Directory;
  private regions = new Map<string, Ec2Region>();
  private zones = new Zones();
  private idempotency = new Idempotency();
  private current: CloudSettings;

  constructor(
    private readonly moto: Moto,
    private readonly models: ServiceModels,
    options: { auditFile?: string; settings?: Partial<CloudSettings> },
  ) {
    this.audit = new Audit(options.auditFile);
    this.current = changedSettings(DEFAULT_SETTINGS, options.settings ?? {});
    this.client = new MotoClient(moto);
    this.directory = new Directory((region, action, params) =>
      this.send(ownCall("iam", region, action, params)),
    );
  }

  get settings(): Readonly<CloudSettings> {
    return this.current;
  }

  changeSettings(change: unknown): void {
    this.current = changedSettings(this.current, change);
    // Some are in the model, which whoever follows it has to read again.
    for (const region of this.regions.keys())
      this.events.publish({ service: "settings", action: "StateChange", region, resources: [] });
  }

  health(): Health {
    const death = this.moto.death();
    const moto = {
      alive: death === undefined,
      pid: this.moto.pid,
      ...(death === undefined ? {} : { death }),
    };
    return { ok: moto.alive, cloudId: this.cloudId, pid: process.pid, moto, startedAt: this.startedAt };
  }

  handle(raw: RawRequest): Promise<Outcome> {
    const trace = newTrace();
    return tracing.run(trace, async () => {
      let call: Call | undefined;
      let outcome: Outcome;
      try {
        call = parseCall(raw);
        outcome = await this.withFaults(call, trace);
      } catch (error) {
        const protocol = call?.protocol ?? protocolOf(credentialScope(raw)?.service ?? "");
        outcome = errorReply(asAwsError(error, call), protocol);
      }
      this.audit.add(auditEntry(raw, call, outcome, trace));
      return outcome;
    });
  }

  private async withFaults(call: Call, trace: Trace): Promise<Outcome> {
    const principal = this.principals.of(call);
    trace.principal = principal.arn;
    const faults = this.faults.take(call);
    trace.faults = faults.map((fault) => fault.kind);
    for (const fault of faults) {
      if (fault.kind === "slow") await pause(fault.ms ?? 0);
      if (fault.kind === "error") throw faultError(fault);
    }
    const context: Context = {
      ...{ call, principal, principals: this.principals, directory: this.directory, settings: this.current },
      ec2: this.region(call.region),
      ec2In: (name) => this.region(name),
      zones: this.zones,
      documentedFilters: this.models[call.service]?.operations[call.action]?.filters ?? [],
      pages: this.models[call.service]?.operations[call.action]?.pages,
      stale: faults.some((fault) => fault.kind === "stale"),
      forward: (params) => this.forward(params === undefined ? call : withParams(call, params)),
      forwardInput: (input) => this.forward(withInput(call, input)),
    };
    const reply = await this.answer(context);
    for (const fault of faults) {
      if (fault.kind === "delay") await pause(fault.ms ?? 0);
    }
    return faults.some((fault) => fault.kind === "lost-reply") ? undefined : reply;
  }

  private async answer(context: Context): Promise<Reply> {
    const { call, principal, ec2 } = context;
    const death = this.moto.death();
    if (death !== undefined) throw new CloudDied(death);
    const handler = handlers[`${call.service}:${call.action}`];
    if (handler === undefined) {
      throw notImplemented(
        `the ${call.service} action "${call.action}"`,
        "Nobody has compared it with AWS yet. Add it in test/cloud/api/rules, with a test.",
      );
    }
    const input = readInput(this.modelOf(call), call);
    refuseUndeclared(call, input);
    await authorize(call, principal, this.directory, ec2);
    checkLimits(call, input);
    if (isRead(call.action)) return perform(context, handler);
    return this.changes.run(async () => {
      const before = this.idempotency.answered(call);
      if (before !== undefined) return before;
      try {
        const reply = await perform(context, handler);
        this.idempotency.note(call, reply);
        if (reply.status < 400) this.announce(call, reply);
        return reply;
      } finally {
        if (call.service === "iam") this.directory.changed();
        else if (call.service !== "route53") ec2.changed(call.service === "ec2" ? call.action : "any");
      }
    });
  }

  private modelOf({ service }: Call): ServiceModel {
    const model = this.models[service];
    if (model === undefined) throw new Error(`botocore has no model of ${service}`);
    return model;
  }

  private forward(call: Call): Promise<Reply> {
    if (call.service !== "ec2" || !isRead(call.action)) return this.send(call);
    return this.region(call.region).answer(`${call.path}\n${call.body}`, () => this.send(call));
  }

  /** moto's answer. @throws AwsError if it could not make one: that is never passed on as if it were AWS's */
  private async send(call: Call): Promise<Reply> {
    const trace = tracing.getStore();
    if (trace !== undefined) trace.moto += 1;
    const reply = await this.client.send(call);
    if (reply.status < 500) return reply;
    const found = reply.body
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 300);
    throw notImplemented(
      `${call.service} ${call.action} with these parameters (moto: HTTP ${reply.status}, ${found})`,
      "Change the call, or add the case in test/cloud/api/rules, with a test.",
    );
  }

  private region(name: string): Ec2Region {
    const present = this.regions.get(name);
    if (present !== undefined) return present;
    const region = new Ec2Region(name, {
      send: (service, where, action, params) => this.send(ownCall(service, where, action, params)),
      change: (where, resources, task) =>
        this.changes.run(async () => {
          await task();
          this.events.publish({ service: "ec2", action: "StateChange", region: where, resources });
        }),
      closed: this.closing.signal,
    });
    this.regions.set(name, region);
    return region;
  }

  private announce(call: Call, reply: Reply): void {
    const resources = resourceIds(Object.values(call.params).join(" "), reply.body);
    this.events.publish({ service: call.service, action: call.action, region: call.region, resources });
  }

  /** Lets the status checks of an instance fail, or pass again. @throws TypeError if there is no such instance */
  async impair(instanceId: string, impaired: boolean): Promise<void> {
    const region = await impair([...this.regions.values()], instanceId, impaired);
    this.events.publish({ service: "ec2", action: "StateChange", region, resources: [instanceId] });
  }

  /** What is in a region at a moment at which nothing is being changed. */
  model(region: string): Promise<CloudModel> {
    const { cloudId, zones, directory, settings, events } = this;
    return this.changes.run(() =>
      modelOf({ cloudId, n: events.last, ec2: this.region(region), zones, directory, settings }),
    );
  }

  /** Fresh credentials of the instance's role. @throws TypeError if there is no such instance, or it has no role */
  instanceCredentials(instanceId: string): Promise<ImdsCredentials> {
    return instanceCredentials([...this.regions.values()], instanceId, this.directory, this.principals);
  }

  /** Forgets everything that was created. */
  async reset(): Promise<void> {
    this.faults.remove();
    await this.changes.run(async () => {
      await this.client.reset();
      this.regions = new Map();
      this.zones = new Zones();
      this.idempotency = new Idempotency();
      this.principals.reset();
      this.directory.changed();
    });
  }

  close(): void {
    this.closing.abort();
    this.events.close();
    this.client.close();
    this.audit.close();
  }
}

async function perform(context: Context, handler: Handler): Promise<Reply> {
  const { call } = context;
  await handler.check?.(context);
  if (call.protocol === "ec2" && call.params.DryRun === "true") throw dryRun();
  return handler.run === undefined ? context.forward() : handler.run(context);
}

function faultError(fault: Fault): AwsError {
  const code = fault.code ?? "InternalError";
  return new AwsError(code, fault.message ?? `An error was injected (${code})`, fault.status);
}

function asAwsError(error: unknown, call: Call | undefined): AwsError {
  if (error instanceof AwsError) return error;
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const where = call === undefined ? "a request" : `${call.service} ${call.action}`;
  console.error(`The offline cloud failed at ${where}: ${what}`);
  return new AwsError("InternalError", `The offline cloud failed at ${where}: ${what.split("\n")[0] ?? ""}`);
}
