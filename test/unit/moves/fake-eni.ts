/** One network interface in memory, behind the calls that a floating ENI's move makes. */
import { performance } from "node:perf_hooks";
import { type Context, type Ec2Calls, LIMITS, type Limits } from "../../../components/failover/core/context";
import { FakeAwsError, FaultPlan, underFault } from "./faults";
import { NO_OTHER_CALLS, REFUSING_EC2 } from "./refusing";

export const ENI = "eni-float";

export interface FakeAttachment {
  id: string;
  instanceId: string;
  deviceIndex: number;
  /** Milliseconds of the virtual clock from which it is attached. */
  attachedAt: number;
  /** From which it is gone; undefined: nobody has detached it. */
  goneAt?: number;
}

export interface FakeTimes {
  attach: number;
  detach: number;
  /** With Force. */
  forced: number;
}

export class FakeEni {
  private readonly history: { at: number; attachment?: FakeAttachment }[];
  private count = 1;
  /** Instances that nothing can be attached to any more. */
  readonly terminated = new Set<string>();
  forced = 0;

  constructor(
    private attachment: FakeAttachment | undefined,
    private readonly times: FakeTimes = { attach: 0.5, detach: 2, forced: 1 },
    readonly plan = new FaultPlan(),
  ) {
    this.history = [{ at: Number.NEGATIVE_INFINITY, attachment }];
  }

  static on(instanceId: string | undefined, times?: FakeTimes, plan?: FaultPlan): FakeEni {
    const attachment =
      instanceId === undefined
        ? undefined
        : { id: "eni-attach-0", instanceId, deviceIndex: 1, attachedAt: 0 };
    return new FakeEni(attachment, times, plan);
  }

  /** Who has it now, with nothing on the way; `detaching` and `attaching` are told apart. */
  get holder(): string {
    const now = this.at(performance.now());
    return now === undefined
      ? "nobody"
      : now.state === "attached"
        ? now.instanceId
        : `${now.state} ${now.instanceId}`;
  }

  context(limits: Partial<Limits> = {}): Context {
    return {
      limits: { ...LIMITS, ...limits },
      calls: NO_OTHER_CALLS,
      ec2: () => Promise.resolve(this.calls()),
      route53: () => Promise.reject(new Error("a floating ENI doesn't need Route 53")),
    };
  }

  private calls(): Ec2Calls {
    return {
      ...REFUSING_EC2,
      describeNetworkInterfaces: async (_input, options) => {
        const fault = this.plan.next("describeNetworkInterfaces");
        const lag = fault?.fault === "stale" ? fault.seconds * 1000 : 0;
        const held = await underFault(fault, () => this.at(performance.now() - lag), options?.abortSignal);
        const Attachment = held && {
          AttachmentId: held.id,
          InstanceId: held.instanceId,
          DeviceIndex: held.deviceIndex,
          Status: held.state,
        };
        return { $metadata: {}, NetworkInterfaces: [{ NetworkInterfaceId: ENI, Attachment }] };
      },
      describeInstances: async (input, options) => {
        const fault = this.plan.next("describeInstances");
        await underFault(fault, () => undefined, options?.abortSignal);
        const primary = { Attachment: { DeviceIndex: 0, NetworkCardIndex: 0 } };
        const Instances = [{ InstanceId: input.InstanceIds?.[0], NetworkInterfaces: [primary] }];
        return { $metadata: {}, Reservations: [{ Instances }] };
      },
      detachNetworkInterface: (input, options) =>
        underFault(this.plan.next("detach"), () => this.detach(input), options?.abortSignal),
      attachNetworkInterface: (input, options) =>
        underFault(
          this.plan.next(`attach ${input.InstanceId ?? ""}`),
          () => this.attach(input.InstanceId ?? "", input.DeviceIndex ?? 0),
          options?.abortSignal,
        ),
    };
  }

  private detach(input: { AttachmentId?: string; Force?: boolean }): { $metadata: object } {
    const now = performance.now();
    const held = this.at(now);
    if (held?.id !== input.AttachmentId || this.attachment === undefined)
      throw new FakeAwsError("InvalidAttachmentID.NotFound");
    if (held?.state === "detaching" && input.Force !== true) throw new FakeAwsError("IncorrectState");
    if (input.Force === true) this.forced += 1;
    const goneAt = now + 1000 * (input.Force === true ? this.times.forced : this.times.detach);
    this.set({ ...this.attachment, goneAt: Math.min(goneAt, this.attachment.goneAt ?? goneAt) });
    return { $metadata: {} };
  }

  private attach(instanceId: string, deviceIndex: number): { $metadata: object } {
    const now = performance.now();
    if (this.terminated.has(instanceId)) throw new FakeAwsError("IncorrectInstanceState");
    if (this.at(now) !== undefined)
      throw new FakeAwsError("InvalidParameterValue", 400, `Interface: [${ENI}] in use.`);
    const id = `eni-attach-${this.count}`;
    this.count += 1;
    this.set({ id, instanceId, deviceIndex, attachedAt: now + this.times.attach * 1000 });
    return { $metadata: {} };
  }

  private set(attachment: FakeAttachment): void {
    this.attachment = attachment;
    this.history.push({ at: performance.now(), attachment });
  }

  private at(time: number): (FakeAttachment & { state: "attaching" | "attached" | "detaching" }) | undefined {
    const attachment = this.history.findLast((entry) => entry.at <= time)?.attachment;
    if (attachment === undefined || (attachment.goneAt ?? Infinity) <= time) return undefined;
    if (attachment.goneAt !== undefined) return { ...attachment, state: "detaching" };
    return { ...attachment, state: attachment.attachedAt <= time ? "attached" : "attaching" };
  }
}
