/**
 * What the dynamic resource of `boot-resource.ts` does, as plain functions without Pulumi: after a forwarder's instance
 * was replaced or started anew, wait until EC2's status checks have passed, so that nobody takes its partner away while
 * it boots.
 */
import type * as pulumi from "@pulumi/pulumi";
import { awsContext, type Context } from "../failover/core/context";
import { awaitState, deadlineIn, persist } from "../failover/core/retry";

// The SDK's notice about future versions of Node is for us who choose the version, not for who runs an update.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

export interface BootInputs {
  /** What people call the forwarder. */
  readonly name: string;
  readonly region: string;
  readonly profile?: string;
  readonly instanceId: string;
  /** A change of it stops and starts the instance. */
  readonly instanceType: string;
}

/** Status checks take two to three minutes on AWS; in seconds. */
const LIMIT = 900;

/** Whether the instance boots in the course of this update. */
export function booted(before: BootInputs, after: BootInputs): boolean {
  return before.instanceId !== after.instanceId || before.instanceType !== after.instanceType;
}

/**
 * Waits until both status checks of the instance are `ok`.
 * @param limit seconds
 * @throws when the time is over; it says what the checks said last
 */
export async function waitUntilUp(
  { name, region, profile, instanceId }: BootInputs,
  limit = LIMIT,
  context: Context = awsContext(profile === undefined ? {} : { profile }),
): Promise<void> {
  const ec2 = await context.ec2(region);
  const deadline = deadlineIn(limit);
  let last = "not there";
  const passed = await awaitState(
    async () => {
      const { InstanceStatuses: [status] = [] } = await persist(
        (options) => ec2.describeInstanceStatus({ InstanceIds: [instanceId] }, options),
        { deadline, perCall: context.limits.readCall },
      );
      const checks = [status?.SystemStatus?.Status, status?.InstanceStatus?.Status];
      last = checks.map((check) => check ?? "not running").join(" and ");
      return checks.every((check) => check === "ok") ? true : undefined;
    },
    deadline,
    { first: 0.2, longest: 10 },
  );
  if (passed) return;
  throw new Error(
    `${name} (${instanceId}) is not up after ${limit} s: its system and instance status are ${last}. ` +
      "The other forwarder was left as it is. Look at the instance's console output, then run the update again.",
  );
}

/** What Pulumi's process for dynamic providers calls. */
export function bootProvider(): pulumi.dynamic.ResourceProvider<BootInputs, BootInputs> {
  return {
    diff: (_id, olds, news) => Promise.resolve({ changes: booted(olds, news) }),
    // Of a stack that is being built, nobody depends on yet.
    create: (news) => Promise.resolve({ id: news.name, outs: news }),
    update: async (_id, _olds, news) => {
      await waitUntilUp(news);
      return { outs: news };
    },
  };
}
