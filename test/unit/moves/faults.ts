/** Ways in which a call to AWS goes wrong, for fakes that keep their state in memory. */
import fc from "fast-check";
import { pause } from "./virtual-time";

export class FakeAwsError extends Error {
  readonly $metadata: { httpStatusCode: number };
  constructor(code: string, status = 400, message = code) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

export const WRITE_FAULTS = [
  "denied",
  "impossible",
  "throttled",
  "serverError",
  "reset",
  "lost",
  "silent",
  "late",
] as const;
export const READ_FAULTS = ["denied", "throttled", "serverError", "reset", "silent", "stale"] as const;
export type FaultKind = (typeof WRITE_FAULTS)[number] | (typeof READ_FAULTS)[number];

/** The calls `first`..`first + times - 1` of a kind go wrong; kinds are those of the fake, e.g. `replaceRoute rtb-1`. */
export interface Fault {
  call: string;
  first: number;
  times: number;
  fault: FaultKind;
  /** Seconds, for `late` (after the request) and `stale` (before the reply). */
  seconds: number;
}

/** Counts calls, and says which fault the next one meets. */
export class FaultPlan {
  private readonly counts = new Map<string, number>();
  readonly calls: string[] = [];

  constructor(private readonly faults: Fault[] = []) {}

  next(call: string): Fault | undefined {
    const count = (this.counts.get(call) ?? 0) + 1;
    this.counts.set(call, count);
    this.calls.push(call);
    return this.faults.find(
      (fault) => fault.call === call && count >= fault.first && count < fault.first + fault.times,
    );
  }
}

/** Carries out a write under a fault, as AWS and the network between would. */
export async function underFault<Output>(
  fault: Fault | undefined,
  apply: () => Output,
  abortSignal: AbortSignal | undefined,
): Promise<Output> {
  await pause(0.01 + Math.random() * 0.1);
  if (fault === undefined) {
    const output = apply();
    await pause(0.01);
    return output;
  }
  switch (fault.fault) {
    case "denied":
      throw new FakeAwsError("UnauthorizedOperation", 403);
    case "impossible":
      throw new FakeAwsError("InvalidParameterValue");
    case "throttled":
      throw new FakeAwsError("RequestLimitExceeded", 503);
    case "serverError":
      throw new FakeAwsError("InternalError", 500);
    case "reset":
      throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    case "lost":
      apply();
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    case "silent":
      return silence(abortSignal);
    case "late":
      setTimeout(() => {
        try {
          apply();
        } catch (error) {
          // Nobody is there to hear what AWS says to it any more.
          if (!(error instanceof FakeAwsError)) throw error;
        }
      }, fault.seconds * 1000);
      return silence(abortSignal);
    case "stale":
      return apply();
  }
}

function silence(abortSignal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    abortSignal?.addEventListener("abort", () => {
      reject(new FakeAwsError("AbortError"));
    });
  });
}

const FOREVER = 1_000_000;

/** Up to six faults over the given calls. */
export function faultsOf(writes: string[], reads: string[]): fc.Arbitrary<Fault[]> {
  const span = { first: fc.integer({ min: 1, max: 4 }), times: fc.constantFrom(1, 2, 3, FOREVER, FOREVER) };
  const write = fc.record({
    call: fc.constantFrom(...writes),
    fault: fc.constantFrom(...WRITE_FAULTS),
    // After the client has given up (15 s), and before it stops watching (15 s later).
    seconds: fc.integer({ min: 15, max: 29 }),
    ...span,
  });
  const read = fc.record({
    call: fc.constantFrom(...reads),
    fault: fc.constantFrom(...READ_FAULTS),
    seconds: fc.integer({ min: 1, max: 4 }),
    ...span,
  });
  return fc.array(fc.oneof({ weight: 3, arbitrary: write }, { weight: 1, arbitrary: read }), {
    maxLength: 6,
  });
}
