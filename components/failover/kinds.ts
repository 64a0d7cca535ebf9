/** The kinds of services: what moves each of them, and what the provider has to know of its inputs. */
import { LIMITS } from "./moves/context";
import type { Mechanism } from "./moves/contract";
import { detachLimits } from "./moves/eni-driver";
import { floatingEni } from "./moves/floating-eni";
import { overlayIp } from "./moves/overlay";
import { serviceName } from "./moves/service-name";
import type { Kind } from "./service";
import type { ServiceShape } from "./states";

export interface KindFacts {
  /** Type of the dynamic resource. */
  readonly type: string;
  readonly mechanism: Mechanism<ServiceShape, unknown>;
  /** What makes a service another one, e.g. its address. */
  readonly identity: readonly string[];
  /** Where a candidate's identity in AWS is, and where the mechanism expects those of candidates that were replaced. */
  readonly candidate: { readonly id: string; readonly former: string };
  /** An input that stands for the thing itself that moves: when it is replaced, the service is taken from its node. */
  readonly itself?: string;
  /** What people call the service, e.g. `overlay IP 192.168.10.1/32`. */
  readonly label: (service: ServiceShape) => string;
  /** Seconds after which a move has ended, one way or the other. */
  readonly longest: (service: ServiceShape) => number;
  /** What people have to know when the service gets another identity. */
  readonly renamed?: (olds: ServiceShape, news: ServiceShape) => string;
}

/** A move, and taking it back, with the looks between them. */
const LONGEST = LIMITS.move + LIMITS.undo + LIMITS.late + LIMITS.stale + 4 * LIMITS.look;

// Services are plain JSON to the engine; each mechanism's preflight judges its own.
const erased = (mechanism: unknown): Mechanism<ServiceShape, unknown> =>
  mechanism as Mechanism<ServiceShape, unknown>;

export const kinds: Readonly<Record<Kind, KindFacts>> = {
  OverlayIp: {
    type: "pulumi-nodejs:dynamic/failover:OverlayIp",
    mechanism: erased(overlayIp),
    identity: ["region", "vpcId", "destination"],
    candidate: { id: "networkInterfaceId", former: "formerInterfaces" },
    longest: () => LONGEST,
    label: ({ destination }) => `overlay IP ${String(destination)}`,
    renamed: (olds, { destination, candidates }) =>
      `${Object.keys(candidates).join(" and ")} booted with ${String(olds.destination)} and don't answer at ${String(destination)} ` +
      "before they have it: replace the standby, fail over, replace the other one; or add the address on them by hand.",
  },
  FloatingEni: {
    type: "pulumi-nodejs:dynamic/failover:FloatingEni",
    mechanism: erased(floatingEni),
    identity: ["region", "networkInterfaceId"],
    candidate: { id: "instanceId", former: "formerInstances" },
    itself: "networkInterfaceId",
    longest: ({ allowForce }) => {
      const { graceful, forced } = detachLimits({ allowForce: allowForce === true });
      return LONGEST + graceful + forced;
    },
    label: ({ networkInterfaceId, address }) =>
      `floating ENI ${String(networkInterfaceId)}${address === undefined ? "" : ` (${String(address)})`}`,
  },
  ServiceName: {
    type: "pulumi-nodejs:dynamic/failover:ServiceName",
    mechanism: erased(serviceName),
    identity: ["region", "hostedZoneId", "name"],
    candidate: { id: "address", former: "formerAddresses" },
    longest: () => LONGEST + LIMITS.sync,
    label: ({ name }) => `service name ${String(name)}`,
  },
};
