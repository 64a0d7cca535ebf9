/**
 * Every reason why a service name must not be moved to a node, at once. Route 53 has no dry run: a missing permission
 * is found by the move, which then has changed nothing.
 */
import { isIPv4 } from "node:net";
import { type GetHostedZoneCommandOutput } from "@aws-sdk/client-route-53";
import { type Problem, unknownNode } from "../../core/contract";
import { type Context, type Route53Calls } from "../../core/context";
import { answerOf, isOurs, type NameCandidate, type NameService, normalName, recordsAt } from "./record";
import { describe } from "../../core/errors";
import { instanceProblems, lookAt } from "../../core/instance-preflight";
import { remedyFor } from "../../core/remedies";
import { type Deadline, deadlineIn } from "../../core/retry";
import { shadowingZone } from "./shadowing-zones";

export async function servicenamePreflight(
  service: NameService,
  to: string,
  context: Context,
): Promise<Problem[]> {
  const deadline = deadlineIn(context.limits.look);
  const candidate = service.candidates[to];
  const unknown = unknownNode(service.candidates, to);
  const route53 = await context.route53(service.region);
  const [zone, record, shadow, node] = await Promise.all([
    zoneProblems(route53, service, context, deadline),
    recordProblems(route53, service, context, deadline),
    shadowProblems(route53, service, context, deadline),
    candidate === undefined ? [] : nodeProblems(service, to, candidate, context, deadline),
  ]);
  // When the zone is missing, that its records can't be read says the same again.
  const records = zone.some(({ subject }) => subject === service.hostedZoneId)
    ? record.filter(({ subject }) => subject !== service.hostedZoneId)
    : record;
  return [
    ...(unknown === undefined ? [] : [unknown]),
    ...valueProblems(service),
    ...zone,
    ...records,
    ...shadow,
    ...node,
  ];
}

function valueProblems(service: NameService): Problem[] {
  const problems: Problem[] = [];
  // Route 53's own bounds for a TTL.
  if (!Number.isInteger(service.ttl) || service.ttl < 0 || service.ttl > 2_147_483_647)
    problems.push({
      subject: `TTL ${service.ttl} of ${service.name}`,
      reason: "is no whole number of seconds between 0 and 2147483647",
      remedy: "choose a small one, such as 10: clients keep the old address that long",
    });
  return problems;
}

async function zoneProblems(
  route53: Route53Calls,
  service: NameService,
  context: Context,
  deadline: Deadline,
): Promise<Problem[]> {
  const subject = service.hostedZoneId;
  const look = await lookAt(
    subject,
    "route53:GetHostedZone",
    (options) => route53.getHostedZone({ Id: service.hostedZoneId }, options),
    context,
    deadline,
  );
  return "problem" in look ? [look.problem] : judgeZone(service, look.answer);
}

function judgeZone(
  service: NameService,
  { HostedZone: zone, VPCs: vpcs }: GetHostedZoneCommandOutput,
): Problem[] {
  const subject = service.hostedZoneId;
  const problems: Problem[] = [];
  const zoneName = normalName(zone?.Name ?? "");
  const name = normalName(service.name);
  if (name !== zoneName && !name.endsWith(`.${zoneName}`))
    problems.push({
      subject: service.name,
      reason: `is not in zone ${zoneName} (${subject})`,
      remedy: `choose a name that ends in .${zoneName.replace(/\.$/, "")}, or the zone that the name belongs to`,
    });
  if (zone?.Config?.PrivateZone !== true)
    problems.push({
      subject,
      reason:
        "is a public zone: private addresses would be published and the name would not resolve in the VPC",
      remedy: "use a private hosted zone",
    });
  else if (service.vpcId !== undefined && !(vpcs ?? []).some(({ VPCId }) => VPCId === service.vpcId))
    problems.push({
      subject,
      reason: `is not associated with ${service.vpcId}, so its resolver doesn't know the name`,
      remedy: `associate the zone with ${service.vpcId}`,
    });
  return problems;
}

async function shadowProblems(
  route53: Route53Calls,
  service: NameService,
  context: Context,
  deadline: Deadline,
): Promise<Problem[]> {
  const look = await lookAt(
    service.vpcId ?? service.name,
    "route53:ListHostedZonesByVPC",
    async () => shadowingZone(route53, service, context, deadline),
    context,
    deadline,
  );
  if ("problem" in look) return [look.problem];
  if (look.answer === undefined) return [];
  const { id, name } = look.answer;
  return [
    {
      subject: service.name,
      reason: `is answered by zone ${name} (${id}), which is more specific, so clients in ${service.vpcId ?? "the VPC"} don't see this record`,
      remedy: `take ${id} off the VPC, or choose a name outside of it`,
    },
  ];
}

async function recordProblems(
  route53: Route53Calls,
  service: NameService,
  context: Context,
  deadline: Deadline,
): Promise<Problem[]> {
  let records: Awaited<ReturnType<typeof recordsAt>>;
  try {
    records = await recordsAt(route53, service, context, deadline);
  } catch (error) {
    const permission = "route53:ListResourceRecordSets on the zone";
    const remedy = remedyFor(error, { permission, gone: "check the zone's id and the account" });
    return [
      { subject: service.hostedZoneId, reason: `its records can't be read: ${describe(error)}`, remedy },
    ];
  }
  const subject = service.name;
  if (records.some(({ Type }) => Type === "CNAME"))
    return [
      {
        subject,
        reason: "has a CNAME record, and there can be no A record beside it",
        remedy: "delete that record, or choose another name",
      },
    ];
  const answer = answerOf(records);
  if (answer === undefined || isOurs(service, answer)) return [];
  if (answer.special !== undefined)
    return [
      {
        subject,
        reason: `has an A record with a routing policy or alias (${answer.special}), which this service doesn't make`,
        remedy: "delete that record, or choose another name",
      },
    ];
  return [
    {
      subject,
      reason: `has an A record with ${answer.addresses.join(", ")}, which is no candidate's address`,
      remedy: "find out whose it is; then delete it, make that address a candidate's, or choose another name",
    },
  ];
}

async function nodeProblems(
  service: NameService,
  to: string,
  candidate: NameCandidate,
  context: Context,
  deadline: Deadline,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  if (!isIPv4(candidate.address))
    problems.push({
      subject: to,
      reason: `has "${candidate.address}" for its address, which is no IPv4 address`,
      remedy: "give the node's private IPv4 address",
    });
  if (candidate.instanceId === undefined) return problems;
  const subject = `${candidate.instanceId} (${to})`;
  const ec2 = await context.ec2(service.region);
  const { problems: ills, instance } = await instanceProblems(
    ec2,
    subject,
    candidate.instanceId,
    context,
    deadline,
  );
  problems.push(...ills);
  const addresses = (instance?.NetworkInterfaces ?? []).flatMap((eni) =>
    (eni.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
  );
  // A terminated instance has no addresses; that it's terminated has been said.
  if (addresses.length > 0 && !addresses.includes(candidate.address))
    problems.push({
      subject,
      reason: `does not have the address ${candidate.address}, but ${addresses.join(", ")}`,
      remedy: "bring the candidate's address up to date",
    });
  return problems;
}
