/** Reasons why an instance can't take over a service, whatever the mechanism: it isn't there, or isn't well. */
import { type Instance, type InstanceStatus } from "@aws-sdk/client-ec2";
import { type Problem } from "./contract";
import { type Context, type Ec2Calls } from "./context";
import { describe, kindOf } from "./errors";
import { remedyFor } from "./remedies";
import { type Deadline, persist } from "./retry";

/** The answer to a look that preflight takes, or the problem that kept it from looking. */
export type Look<Answer> = { answer: Answer } | { problem: Problem };

/** Takes one look; not being allowed to, or not getting an answer, is a problem to report, not an end. */
export async function lookAt<Answer>(
  subject: string,
  action: string,
  call: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
  context: Context,
  deadline: Deadline,
): Promise<Look<Answer>> {
  try {
    return { answer: await persist(call, { deadline, perCall: context.limits.readCall }) };
  } catch (error) {
    return { problem: lookProblem(subject, action, error) };
  }
}

function lookProblem(subject: string, action: string, error: unknown): Problem {
  const remedy = remedyFor(error, { permission: action, impossible: "check the id and the region" });
  if (kindOf(error) === "gone") return { subject, reason: "does not exist", remedy };
  return { subject, reason: `${action} ended with ${describe(error)}, so it can't be checked`, remedy };
}

/** Everything about an instance's life and health that forbids to move a service to it. */
export async function instanceProblems(
  ec2: Ec2Calls,
  subject: string,
  instanceId: string,
  context: Context,
  deadline: Deadline,
): Promise<{ problems: Problem[]; instance?: Instance }> {
  const ids = { InstanceIds: [instanceId] };
  const [instances, statuses] = await Promise.all([
    lookAt(
      subject,
      "ec2:DescribeInstances",
      (options) => ec2.describeInstances(ids, options),
      context,
      deadline,
    ),
    lookAt(
      subject,
      "ec2:DescribeInstanceStatus",
      // Instances that don't run have no status and are left out: their state says enough.
      (options) => ec2.describeInstanceStatus(ids, options),
      context,
      deadline,
    ),
  ]);
  if ("problem" in instances) return { problems: [instances.problem] };
  const instance = instances.answer.Reservations?.flatMap((reservation) => reservation.Instances ?? [])[0];
  if (instance === undefined)
    return {
      problems: [{ subject, reason: "does not exist", remedy: "check the id, the region and the account" }],
    };
  const problems = stateProblems(subject, instance);
  if ("problem" in statuses) problems.push(statuses.problem);
  else problems.push(...healthProblems(subject, statuses.answer.InstanceStatuses?.[0]));
  return { problems, instance };
}

const REMEDY_BY_STATE: Record<string, string> = {
  pending: "wait until it runs",
  stopped: "start it and wait until it runs",
  stopping: "wait until it has stopped, then start it",
  "shutting-down": "replace it: a terminated instance doesn't come back",
  terminated: "replace it: a terminated instance doesn't come back",
};

function stateProblems(subject: string, instance: Instance): Problem[] {
  const state = instance.State?.Name ?? "in an unknown state";
  if (state === "running") return [];
  return [{ subject, reason: `is ${state}`, remedy: REMEDY_BY_STATE[state] ?? "wait until it runs" }];
}

function healthProblems(subject: string, status: InstanceStatus | undefined): Problem[] {
  const checks = [
    {
      name: "system",
      summary: status?.SystemStatus,
      remedy: "stop and start it, so that it gets another host",
    },
    { name: "instance", summary: status?.InstanceStatus, remedy: "repair or reboot its operating system" },
  ];
  return checks
    .filter(({ summary }) => summary?.Status === "impaired")
    .map(({ name, remedy }) => ({ subject, reason: `its ${name} status check is impaired`, remedy }));
}
