import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { AuditEntry, Fault, Health } from "../admin/types";
import { Ec2Region } from "../ec2/region";
import { MotoClient } from "../moto/client";
import type { Moto } from "../moto/process";
import { handlers } from "../rules";
import { changedSettings, DEFAULT_SETTINGS, type CloudSettings } from "../settings";
import { Audit, loggable } from "./audit";
import { credentialScope, parseCall, type Call, type RawRequest } from "./call";
import { AwsError, errorCodeOf, errorReply, notImplemented } from "./errors";
import { Events, resourceIds } from "./events";
import { Faults } from "./faults";
import { isRead, type Context } from "./handler";
import { Mutex } from "./mutex";
import type { Params } from "./params";
import { partitionOf } from "./partition";
import { protocolOf } from "./protocol";
import type { Reply } from "./reply";

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
  private regions = new Map<string, Ec2Region>();
  private current: CloudSettings;

  constructor(
    private readonly moto: Moto,
    options: { auditFile?: string; settings?: Partial<CloudSettings> },
  ) {
    this.audit = new Audit(options.auditFile);
    this.current = changedSettings(DEFAULT_SETTINGS, options.settings ?? {});
    this.client = new MotoClient(moto);
  }

  get settings(): Readonly<CloudSettings> {
    return this.current;
  }

  changeSettings(change: unknown): void {
    this.current = changedSettings(this.current, change);
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

  async handle(raw: RawRequest): Promise<Outcome> {
    const begin = performance.now();
    const time = new Date().toISOString();
    const trace: Trace = { moto: 0, faults: [], principal: "anonymous" };
    let call: Call | undefined;
    let outcome: Outcome;
    try {
      call = parseCall(raw);
      outcome = await this.withFaults(call, trace);
    } catch (error) {
      const protocol = call?.protocol ?? protocolOf(credentialScope(raw)?.service ?? "");
      outcome = errorReply(asAwsError(error, call), protocol);
    }
    this.audit.add(auditEntry(raw, call, outcome, trace, time, performance.now() - begin));
    return outcome;
  }

  private async withFaults(call: Call, trace: Trace): Promise<Outcome> {
    trace.principal = "lab";
    const faults = this.faults.take(call);
    trace.faults = faults.map((fault) => fault.kind);
    for (const fault of faults) {
      if (fault.kind === "slow") await pause(fault.ms ?? 0);
      if (fault.kind === "error") throw faultError(fault);
    }
    const stale = faults.some((fault) => fault.kind === "stale");
    const reply = await this.answer(call, trace, stale);
    for (const fault of faults) {
      if (fault.kind === "delay") await pause(fault.ms ?? 0);
    }
    return faults.some((fault) => fault.kind === "lost-reply") ? undefined : reply;
  }

  private async answer(call: Call, trace: Trace, stale: boolean): Promise<Reply> {
    const handler = handlers[`${call.service}:${call.action}`];
    if (handler === undefined) {
      throw notImplemented(
        `the ${call.service} action "${call.action}"`,
        "Nobody has compared it with AWS yet. Add it in test/cloud/api/rules, with a test.",
      );
    }
    const context: Context = {
      call,
      settings: this.current,
      ec2: this.region(call.region),
      stale,
      forward: async (params) => {
        trace.moto += 1;
        return this.client.send(params === undefined ? call : withParams(call, params));
      },
    };
    const perform = async (): Promise<Reply> => {
      await handler.check?.(context);
      if (call.protocol === "ec2" && call.params.DryRun === "true") throw dryRun();
      return handler.run === undefined ? context.forward() : handler.run(context);
    };
    if (isRead(call.action)) return perform();
    return this.changes.run(async () => {
      const reply = await perform();
      if (call.service === "ec2") context.ec2.changed(call.action);
      if (reply.status < 400) this.announce(call, reply);
      return reply;
    });
  }

  private region(name: string): Ec2Region {
    const present = this.regions.get(name);
    if (present !== undefined) return present;
    const region = new Ec2Region(name, {
      send: (service, region, action, params) => this.client.send(ownCall(service, region, action, params)),
      change: (region, resources, task) =>
        this.changes.run(async () => {
          await task();
          this.events.publish({ service: "ec2", action: "StateChange", region, resources });
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

  /** Forgets everything that was created. */
  async reset(): Promise<void> {
    this.faults.remove();
    await this.changes.run(async () => {
      await this.client.reset();
      this.regions = new Map();
    });
  }

  close(): void {
    this.closing.abort();
    this.events.close();
    this.client.close();
    this.audit.close();
  }
}

interface Trace {
  principal: string;
  moto: number;
  faults: string[];
}

function withParams(call: Call, params: Params): Call {
  const version = new URLSearchParams(call.body).get("Version") ?? "2016-11-15";
  const body = new URLSearchParams({ Action: call.action, Version: version, ...params }).toString();
  const headers = { ...call.headers, "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  return { ...call, method: "POST", path: "/", body, headers };
}

/** A query call that the gateway itself makes. */
function ownCall(service: string, region: string, action: string, params: Params): Call {
  const call: Call = {
    ...{ protocol: "ec2", service, action, region, partition: partitionOf(region), accessKey: undefined },
    ...{ params, input: undefined, method: "POST", path: "/", headers: {}, body: "" },
  };
  return withParams(call, params);
}

function dryRun(): AwsError {
  return new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
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

function auditEntry(
  raw: RawRequest,
  call: Call | undefined,
  outcome: Outcome,
  trace: Trace,
  time: string,
  ms: number,
): Omit<AuditEntry, "n"> {
  const code = outcome === undefined ? "lost-reply" : (errorCodeOf(outcome) ?? "ok");
  const message =
    code === "ok" ? undefined : /<Message>([^<]*)<|"message":"([^"]*)"/.exec(outcome?.body ?? "");
  return {
    time,
    principal: trace.principal,
    service: call?.service ?? credentialScope(raw)?.service ?? "",
    action: call?.action ?? `${raw.method} ${raw.path.split("?")[0] ?? ""}`,
    region: call?.region ?? "",
    parameters: loggable(call?.params ?? {}),
    result: code,
    status: outcome?.status ?? 0,
    ms: Math.round(ms * 100) / 100,
    moto: trace.moto,
    ...(trace.faults.length > 0 ? { faults: trace.faults } : {}),
    ...(message ? { message: message[1] ?? message[2] ?? "" } : {}),
  };
}
