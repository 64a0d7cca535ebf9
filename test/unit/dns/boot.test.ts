import test from "ava";
import type { DescribeInstanceStatusCommandOutput, SummaryStatus } from "@aws-sdk/client-ec2";
import { booted, type BootInputs, waitUntilUp } from "../../../components/dns/boot";
import { type Context, type Ec2Calls, LIMITS } from "../../../components/failover/core/context";

const INPUTS: BootInputs = {
  name: "forwarder1",
  region: "us-east-1",
  instanceId: "i-0123456789abcdef0",
  instanceType: "t3.micro",
};

/** EC2 that answers with these status checks, one after the other, and with the last one for ever. */
function ec2(...statuses: (SummaryStatus | "gone")[]): { context: Context; asked: () => number } {
  let asked = 0;
  const calls: Pick<Ec2Calls, "describeInstanceStatus"> = {
    describeInstanceStatus: () => {
      const status = statuses[Math.min(asked++, statuses.length - 1)] ?? "gone";
      const checks =
        status === "gone" ? [] : [{ SystemStatus: { Status: "ok" }, InstanceStatus: { Status: status } }];
      return Promise.resolve({ InstanceStatuses: checks } as DescribeInstanceStatusCommandOutput);
    },
  };
  const refuse = (): never => {
    throw new Error("Only EC2 is asked");
  };
  const ec2 = () => Promise.resolve(calls as Ec2Calls);
  const context: Context = { ec2, route53: refuse, calls: refuse, limits: LIMITS };
  return { context, asked: () => asked };
}

test("a forwarder boots when it is another instance or of another type, and not when anything else changes", (t) => {
  t.true(booted(INPUTS, { ...INPUTS, instanceId: "i-1" }));
  t.true(booted(INPUTS, { ...INPUTS, instanceType: "t3.small" }));
  t.false(booted(INPUTS, { ...INPUTS, profile: "other", name: "renamed" }));
});

test("it is up when both checks have passed, and not before", async (t) => {
  const { context, asked } = ec2("gone", "initializing", "ok");
  await waitUntilUp(INPUTS, 60, context);
  t.is(asked(), 3);
});

test("when it does not come up, the message says what the checks say and what to do", async (t) => {
  const { context } = ec2("impaired");
  const error = await t.throwsAsync(waitUntilUp(INPUTS, 0.3, context));
  t.regex(error.message, /forwarder1 \(i-0123456789abcdef0\) is not up after 0\.3 s.*ok and impaired/);
  t.regex(error.message, /console output, then run the update again/);
});
