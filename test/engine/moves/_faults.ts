/** Every kind of fault in every call of a move, found in the gateway's audit log, so that none can be forgotten. */
import { type ExecutionContext } from "ava";
import { awsContext, type Context, type Limits } from "../../../components/failover/core/context";
import { type Mechanism, MoveFailed } from "../../../components/failover/core/contract";
import { type AuditEntry, type CloudAdmin, type FaultSpec, LAB_CREDENTIALS } from "../../cloud/api";
import { type Credentials, type TestCloud } from "../api/_cloud";

/** Short, so that a fault that lasts longer than a limit doesn't last long; the machine may be busy, so not too short. */
const LIMITS = {
  readCall: 0.5,
  writeCall: 0.5,
  look: 1,
  move: 1,
  undo: 5,
  late: 0.6,
  stale: 0.2,
  sync: 1,
};
/** Longer than a call may take, and shorter than what comes late is watched for. */
const TOO_LONG = 900;

/** A context that reaches the cloud as any program would: by the environment. */
export function contextFor(
  cloud: TestCloud,
  limits: Partial<Limits> = {},
  credentials: Credentials = LAB_CREDENTIALS,
): Context {
  process.env["AWS_ENDPOINT_URL"] = cloud.cloud.url;
  process.env["AWS_ACCESS_KEY_ID"] = credentials.accessKeyId;
  process.env["AWS_SECRET_ACCESS_KEY"] = credentials.secretAccessKey;
  return awsContext({ limits });
}

export interface Subject<Service> {
  mechanism: Mechanism<Service>;
  service: Service;
  /** The node that has it at first, and the one that it is moved to. */
  from: string;
  to: string;
  /** Parameters that tell apart calls of one action that are made at once, in no fixed order. */
  tellApart: string[];
  /** Who has it, read by other means than the move's. Anything but one of the two nodes is a half move. */
  holder: () => Promise<string>;
}

type OneFault = Omit<FaultSpec, "action" | "service" | "nth" | "match">;

const OF_ALL: Record<string, OneFault> = {
  denied: { kind: "error", code: "UnauthorizedOperation", status: 403, count: "unlimited" },
  "throttled once": { kind: "error", code: "RequestLimitExceeded", status: 503 },
  "throttled for good": { kind: "error", code: "RequestLimitExceeded", status: 503, count: "unlimited" },
  "a server error": { kind: "error", code: "InternalError", status: 500 },
  "applied, but the reply lost": { kind: "lost-reply" },
  "answered too late": { kind: "delay", ms: TOO_LONG },
};
const OF_WRITES: Record<string, OneFault> = {
  ...OF_ALL,
  "applied, but every reply lost": { kind: "lost-reply", count: "unlimited" },
  "applied too late": { kind: "slow", ms: TOO_LONG },
  "always applied too late": { kind: "slow", ms: TOO_LONG, count: "unlimited" },
};
const OF_READS: Record<string, OneFault> = { ...OF_ALL, stale: { kind: "stale" } };

/** Moves it to and fro under each fault; each time it must be moved, or as before, and said so. */
export async function proveAllOrNothing<Service>(
  t: ExecutionContext,
  cloud: TestCloud,
  subject: Subject<Service>,
): Promise<void> {
  const calm = contextFor(cloud);
  const hasty = contextFor(cloud, LIMITS);
  const { admin } = cloud;
  const { mechanism, service, from, to, holder } = subject;
  await mechanism.move(service, from, calm);
  const calls = await callsOf(admin, subject, () => mechanism.move(service, to, calm));
  t.is(await holder(), to);
  t.log(`calls of a clean move: ${calls.map((call) => call.title).join(", ")}`);
  const met = new Set<string>();
  for (const call of calls) {
    for (const [name, fault] of Object.entries(isRead(call.action) ? OF_READS : OF_WRITES)) {
      if ((await holder()) !== from) await mechanism.move(service, from, calm);
      const title = `${call.title}: ${name}`;
      if (process.env["MOVES_VERBOSE"] !== undefined) console.log(title);
      const start = await lastCall(admin);
      const { id } = await admin.setFault({ ...fault, ...call.fault });
      const result = await mechanism.move(service, to, hasty).then(
        () => to,
        (error: unknown) => {
          if (!(error instanceof MoveFailed)) throw error;
          t.not(error.outcome, "mixed", `${title}: ${error.message}`);
          return from;
        },
      );
      const fired = (await admin.faults()).find((known) => known.id === id)?.fired ?? 0;
      if (fired > 0) met.add(`${call.key}: ${name}`);
      // The number of looks at something that takes time differs from run to run.
      else t.true(met.has(`${call.key}: ${name}`), `${title}: the fault met no call`);
      await faultedCallsEnded(admin, start, fired);
      await admin.clearFaults();
      t.is(await holder(), result, title);
    }
  }
}

interface FaultedCall {
  title: string;
  /** The title without the number. */
  key: string;
  action: string;
  fault: Pick<FaultSpec, "action" | "service" | "nth" | "match">;
}

async function callsOf(
  admin: CloudAdmin,
  { tellApart }: { tellApart: string[] },
  run: () => Promise<unknown>,
): Promise<FaultedCall[]> {
  const start = await lastCall(admin);
  await run();
  const counts = new Map<string, number>();
  return (await admin.audit(start)).map(({ service, action, parameters }) => {
    const match = Object.fromEntries(
      tellApart.flatMap((key) => (parameters[key] === undefined ? [] : [[key, parameters[key]]])),
    );
    const apart = Object.values(match).join(" ");
    const key = [action, apart].filter((part) => part !== "").join(" ");
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return {
      title: `${key} #${nth}`,
      key,
      action,
      fault: { service, action, nth, ...(apart === "" ? {} : { match }) },
    };
  });
}

function isRead(action: string): boolean {
  return /^(Describe|List|Get)/.test(action);
}

async function lastCall(admin: CloudAdmin): Promise<number> {
  return (await admin.audit()).at(-1)?.n ?? 0;
}

/** What was given up may still be under way. */
async function faultedCallsEnded(admin: CloudAdmin, start: number, fired: number): Promise<void> {
  const ended = (entry: AuditEntry): boolean => (entry.faults?.length ?? 0) > 0;
  const giveUp = Date.now() + 20_000;
  while ((await admin.audit(start)).filter(ended).length < fired)
    if (Date.now() > giveUp) throw new Error("a faulted call has not ended");
    else await new Promise((resolve) => setTimeout(resolve, 50));
}
