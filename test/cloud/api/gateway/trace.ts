import { AsyncLocalStorage } from "node:async_hooks";
import type { AuditEntry } from "../admin/types";
import { loggable } from "./audit";
import { credentialScope, type Call, type RawRequest } from "./call";
import { errorCodeOf } from "./errors";
import type { Reply } from "./reply";

/** What is noted on the way of a call. */
export interface Trace {
  readonly time: string;
  readonly begin: number;
  principal: string;
  moto: number;
  faults: string[];
}

/** The call that is being answered, wherever in its answering one is. */
export const tracing = new AsyncLocalStorage<Trace>();

export function newTrace(): Trace {
  return {
    time: new Date().toISOString(),
    begin: performance.now(),
    principal: "anonymous",
    moto: 0,
    faults: [],
  };
}

export function auditEntry(
  raw: RawRequest,
  call: Call | undefined,
  outcome: Reply | undefined,
  trace: Trace,
): Omit<AuditEntry, "n"> {
  const result = outcome === undefined ? "lost-reply" : (errorCodeOf(outcome) ?? "ok");
  const message = result === "ok" ? null : /<Message>([^<]*)<|"message":"([^"]*)"/.exec(outcome?.body ?? "");
  return {
    time: trace.time,
    principal: trace.principal,
    service: call?.service ?? credentialScope(raw)?.service ?? "",
    action: call?.action ?? `${raw.method} ${raw.path.split("?")[0] ?? ""}`,
    region: call?.region ?? "",
    parameters: loggable(call?.params ?? {}),
    result,
    status: outcome?.status ?? 0,
    ms: Math.round((performance.now() - trace.begin) * 100) / 100,
    moto: trace.moto,
    ...(trace.faults.length > 0 ? { faults: trace.faults } : {}),
    ...(message === null ? {} : { message: plain(message[1] ?? message[2] ?? "") }),
  };
}

function plain(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
