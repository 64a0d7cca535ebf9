/** What a floating ENI service is; reading its interface, and choosing a device index. */
import { type Instance } from "@aws-sdk/client-ec2";
import { type Candidates, type Place } from "../../core/contract";
import { type Context, type Ec2Calls } from "../../core/context";
import { type Deadline, persist } from "../../core/retry";

export interface EniCandidate {
  instanceId: string;
}

export interface FloatingEniService {
  networkInterfaceId: string;
  region: string;
  candidates: Candidates<EniCandidate>;
  /** Preflight refuses nodes outside of it. */
  vpcId?: string;
  /** The fixed private address that the interface is expected to have; preflight checks it. */
  address?: string;
  /**
   * Whether a detachment that takes too long may be forced. The last resort: the instance isn't told, and its device
   * index and metadata may stay wrong (EC2 API reference, DetachNetworkInterface). Default false.
   */
  allowForce?: boolean;
  /** How long a detachment may take before it's forced or given up. Default 60 if it may be forced, else 300. */
  detachTimeoutSeconds?: number;
  /** Instances that were candidates and have been replaced: the interface may still be taken from one of them. */
  formerInstances?: string[];
}

export interface Attachment {
  id: string;
  instanceId: string;
  deviceIndex: number;
  state: "attaching" | "attached" | "detaching";
  /** Set: the interface ends with the instance that holds it. */
  deleteOnTermination: boolean;
}

/** Who the interface is attached to; undefined: nobody, it is available. */
export type Held = Attachment | undefined;

/** Throws what AWS said last; that the interface doesn't exist is an error of kind `gone`. */
export async function readHeld(
  ec2: Ec2Calls,
  service: { networkInterfaceId: string },
  context: Context,
  deadline: Deadline,
): Promise<Held> {
  const input = { NetworkInterfaceIds: [service.networkInterfaceId] };
  const answer = await persist((options) => ec2.describeNetworkInterfaces(input, options), {
    deadline,
    perCall: context.limits.readCall,
  });
  const attachment = answer.NetworkInterfaces?.[0]?.Attachment;
  if (attachment?.AttachmentId === undefined || attachment.Status === "detached") return undefined;
  return {
    id: attachment.AttachmentId,
    // Attached, but to no instance of this account: to a service of AWS.
    instanceId: attachment.InstanceId ?? attachment.InstanceOwnerId ?? "unknown",
    deviceIndex: attachment.DeviceIndex ?? 0,
    state: attachment.Status ?? "attached",
    deleteOnTermination: attachment.DeleteOnTermination === true,
  };
}

/** Device indexes of the first network card that are in use. */
export function usedIndexes(instance: Instance | undefined): Set<number> {
  const interfaces = (instance?.NetworkInterfaces ?? []).filter(
    ({ Attachment: attachment }) => (attachment?.NetworkCardIndex ?? 0) === 0,
  );
  return new Set(interfaces.flatMap(({ Attachment: attachment }) => attachment?.DeviceIndex ?? []));
}

/** The wanted index if it's free, else the first free one; 0 is the primary interface's. */
export function freeIndex(used: ReadonlySet<number>, wanted = 1): number {
  if (!used.has(wanted)) return wanted;
  let index = 1;
  while (used.has(index)) index += 1;
  return index;
}

export function nodeOf(service: FloatingEniService, held: Held): string | undefined {
  return Object.entries(service.candidates).find(
    ([, { instanceId }]) => instanceId === held?.instanceId,
  )?.[0];
}

/** Whether whoever holds the interface is a candidate, present or former. */
export function isOurs(service: FloatingEniService, held: Held): boolean {
  if (nodeOf(service, held) !== undefined) return true;
  return held !== undefined && (service.formerInstances ?? []).includes(held.instanceId);
}

const DELETED_WITH_HOLDER = "is deleted when its holder is terminated (DeleteOnTermination is on)";

export function placeOf(service: FloatingEniService, held: Held): Place {
  const node = nodeOf(service, held);
  return {
    where: service.networkInterfaceId,
    ...(held === undefined ? {} : { target: held.instanceId }),
    ...(node === undefined ? {} : { node }),
    ...(held?.deleteOnTermination === true ? { off: DELETED_WITH_HOLDER } : {}),
    ...(held === undefined || held.state === "attached" ? {} : { uncertain: `it is ${held.state}` }),
  };
}
