/**
 * What a mechanism needs from outside: AWS calls and time limits. The SDK is loaded when the first call is made, since
 * a failover runs in a fresh process and loading counts (client-ec2: about 0.2 s, client-route-53: less than 0.1 s).
 */
import { type Ec2Calls, type Route53Calls } from "./calls";
import { checkProfile, explained, hasOwnCredentials, type Identity, identityOf } from "./identity";

export { type Ec2Calls, type Route53Calls } from "./calls";

/** Time limits, all in seconds. */
export interface Limits {
  /** How long a read may go unanswered before it is tried again. */
  readCall: number;
  /**
   * How long a write may go unanswered. Generous: a write that is given up may still be applied later, so giving up
   * early saves nothing and costs certainty.
   */
  writeCall: number;
  /** All of `locate`, and all of `preflight`, each. */
  look: number;
  /** The move itself, retries included. 200 route tables at EC2's 5 writes a second take 30 s. */
  move: number;
  /** Taking back a failed move; counted on its own, since it begins when the move's time may be over. */
  undo: number;
  /** How long after an unanswered write its late effect is watched for, when the move is taken back. */
  late: number;
  /** After how long a look is taken to show what was done before it (EC2 API reference, "Eventual consistency"). */
  stale: number;
  /** Until a change of a record is at all of Route 53's name servers: "generally within 60 seconds". */
  sync: number;
}

export const LIMITS: Limits = {
  readCall: 5,
  writeCall: 15,
  look: 15,
  move: 60,
  undo: 60,
  late: 15,
  stale: 5,
  sync: 300,
};

/** Settings that every client of the AWS SDK takes. */
export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  readonly credentials?: Identity["keys"];
  readonly maxAttempts: number;
  readonly retryMode: string;
  readonly requestHandler: { readonly connectionTimeout: number };
}

/** Makes calls over one client of the AWS SDK, which is loaded then; one a region is kept, by this function. */
export type Connect<Calls extends object> = (settings: ClientSettings) => Promise<Calls>;

export interface Context {
  ec2(region: string): Promise<Ec2Calls>;
  route53(region: string): Promise<Route53Calls>;
  /** Other calls that a mechanism needs, by the same identity: each `(input, { abortSignal })`. */
  calls<Calls extends object>(region: string, connect: Connect<Calls>): Promise<Calls>;
  /** Named profile of the AWS configuration; goes into the commands that repair a mixed state, too. */
  profile?: string;
  limits: Limits;
}

/**
 * A context over the AWS SDK. Endpoints come from where every AWS client takes them, credentials by the rules of the AWS
 * plugin (`identity.ts`).
 * @param options.profile the stack's `aws:profile`
 */
export function awsContext(options: { profile?: string; limits?: Partial<Limits> } = {}): Context {
  const identity = identityOf(options.profile, process.env);
  const settings = {
    ...(identity.profile === undefined ? {} : { profile: identity.profile }),
    ...(identity.keys === undefined ? {} : { credentials: identity.keys }),
    // Retries are `retry.ts`'s alone: it knows the deadline, and two stacked policies multiply.
    maxAttempts: 1,
    retryMode: "standard",
    requestHandler: { connectionTimeout: 2000 },
  };
  const open = async <Calls extends object>(region: string, connect: Connect<Calls>): Promise<Calls> =>
    acting(await connect({ ...settings, region }), identity);
  // One client a region, so that connections are kept alive from the preflight to the move.
  const connected = new Map<Connect<object>, Map<string, Promise<object>>>();
  const calls = <Calls extends object>(region: string, connect: Connect<Calls>): Promise<Calls> => {
    const byRegion = connected.get(connect) ?? new Map<string, Promise<object>>();
    connected.set(connect, byRegion);
    const known = byRegion.get(region) ?? open(region, connect);
    byRegion.set(region, known);
    return known as Promise<Calls>;
  };
  return {
    ...(identity.profile === undefined ? {} : { profile: identity.profile }),
    limits: { ...LIMITS, ...options.limits },
    ec2: (region) => calls(region, connectEc2),
    route53: (region) => calls(region, connectRoute53),
    calls,
  };
}

const connectEc2: Connect<Ec2Calls> = async (settings) => (await import("./clients/ec2")).ec2Calls(settings);
const connectRoute53: Connect<Route53Calls> = async (settings) =>
  (await import("./clients/route53")).route53Calls(settings);

type AnyCall = (...args: unknown[]) => Promise<unknown>;

/** The calls, as nobody but this identity: without its credentials they are refused, and say what to do. */
function acting<Calls extends object>(calls: Calls, identity: Identity): Calls {
  // A profile that can't give its credentials must not be replaced by the role of the machine.
  if (hasOwnCredentials(identity, process.env)) process.env.AWS_EC2_METADATA_DISABLED = "true";
  const entries = Object.entries(calls as Record<string, AnyCall>).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      checkProfile(identity, process.env);
      try {
        return await call(...args);
      } catch (error) {
        throw explained(error, identity, process.env);
      }
    },
  ]);
  return Object.fromEntries(entries) as Calls;
}
