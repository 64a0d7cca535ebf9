/** One A record in memory, behind the calls that a service name's move makes. */
import { performance } from "node:perf_hooks";
import { type ResourceRecordSet } from "@aws-sdk/client-route-53";
import {
  type Context,
  LIMITS,
  type Limits,
  type Route53Calls,
} from "../../../components/failover/core/context";
import { FakeAwsError, FaultPlan, underFault } from "./faults";
import { NO_OTHER_CALLS, REFUSING_ROUTE53 } from "./refusing";

export const NAME = "myservice.awslab.mycompany.corp.";

export class FakeRecord {
  private readonly history: { at: number; record?: ResourceRecordSet }[];
  private readonly changes = new Map<string, number>();

  /** @param propagation seconds until a change is INSYNC */
  constructor(
    address: string | undefined,
    private readonly propagation = 20,
    readonly plan = new FaultPlan(),
  ) {
    this.history = [
      { at: Number.NEGATIVE_INFINITY, record: address === undefined ? undefined : recordOf(address) },
    ];
  }

  get address(): string | undefined {
    return addressOf(this.history.at(-1)?.record);
  }

  context(limits: Partial<Limits> = {}): Context {
    return {
      limits: { ...LIMITS, ...limits },
      calls: NO_OTHER_CALLS,
      ec2: () => Promise.reject(new Error("moving a service name doesn't need EC2")),
      route53: () => Promise.resolve(this.calls()),
    };
  }

  private calls(): Route53Calls {
    return {
      ...REFUSING_ROUTE53,
      listResourceRecordSets: async (_input, options) => {
        const fault = this.plan.next("list");
        const lag = fault?.fault === "stale" ? fault.seconds * 1000 : 0;
        const record = await underFault(
          fault,
          () => this.history.findLast(({ at }) => at <= performance.now() - lag)?.record,
          options?.abortSignal,
        );
        const next = { ...recordOf("10.0.0.99"), Name: "z.awslab.mycompany.corp." };
        const ResourceRecordSets = [...(record === undefined ? [] : [record]), next];
        return { $metadata: {}, ResourceRecordSets, IsTruncated: false, MaxItems: 20 };
      },
      changeResourceRecordSets: async (input, options) => {
        const [change] = input.ChangeBatch?.Changes ?? [];
        const { Action, ResourceRecordSet: record } = change ?? {};
        const apply = (): string => this.change(Action ?? "", record);
        const call = Action === "DELETE" ? "delete" : `upsert ${addressOf(record) ?? ""}`;
        const Id = await underFault(this.plan.next(call), apply, options?.abortSignal);
        return { $metadata: {}, ChangeInfo: { Id, Status: "PENDING", SubmittedAt: new Date(0) } };
      },
      getChange: async ({ Id }, options) => {
        const fault = this.plan.next("getChange");
        await underFault(fault, () => undefined, options?.abortSignal);
        const due = this.changes.get(Id ?? "");
        if (due === undefined) throw new FakeAwsError("NoSuchChange", 404);
        const Status = performance.now() >= due ? "INSYNC" : "PENDING";
        return { $metadata: {}, ChangeInfo: { Id, Status, SubmittedAt: new Date(0) } };
      },
    };
  }

  private change(action: string, record: ResourceRecordSet | undefined): string {
    const now = this.history.at(-1)?.record;
    if (action === "DELETE" && now === undefined)
      throw new FakeAwsError(
        "InvalidChangeBatch",
        400,
        "Tried to delete resource record set but it was not found",
      );
    if (action === "DELETE" && (addressOf(now) !== addressOf(record) || now?.TTL !== record?.TTL))
      throw new FakeAwsError(
        "InvalidChangeBatch",
        400,
        "the values provided do not match the current values",
      );
    this.history.push({ at: performance.now(), record: action === "DELETE" ? undefined : record });
    const id = `/change/C${this.changes.size + 1}`;
    this.changes.set(id, performance.now() + this.propagation * 1000);
    return id;
  }
}

function recordOf(address: string): ResourceRecordSet {
  return { Name: NAME, Type: "A", TTL: 10, ResourceRecords: [{ Value: address }] };
}

function addressOf(record: ResourceRecordSet | undefined): string | undefined {
  return record?.ResourceRecords?.map(({ Value }) => Value).join(", ");
}
