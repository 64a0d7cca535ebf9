/**
 * Every reason why an overlay IP must not be moved to a node, at once. Two round trips: one for all looks in parallel,
 * one for the dry runs, since a preflight is a part of the failover's time.
 */
import { type Instance, type NetworkInterface, type Vpc } from "@aws-sdk/client-ec2";
import { contains, parseHost, type Host } from "../../core/addresses";
import { type Problem, unknownNode } from "../../core/contract";
import { type Context, type Ec2Calls } from "../../core/context";
import { codeOf, credentialFault, describe, kindOf } from "../../core/errors";
import { instanceProblems, lookAt } from "../../core/instance-preflight";
import { isOurs, nodeOf, type OverlayCandidate, type OverlayIpService } from "./service";
import { type Entries } from "../../core/pointers";
import { remedyFor } from "../../core/remedies";
import { type Deadline, deadlineIn, inParallel, persist } from "../../core/retry";
import { destinationInput, readEntries, type Target } from "./routes";

/**
 * Dry runs count against EC2's 50 writes at once. With more tables than this, only the first are tried, so that the
 * move itself isn't throttled by its own preflight; a denial in the others is found by the move, which takes back.
 */
const DRY_RUNS = 20;

export async function overlayPreflight(
  service: OverlayIpService,
  to: string,
  context: Context,
): Promise<Problem[]> {
  const destination = parseHost(service.destination);
  if (destination === undefined)
    return [
      {
        subject: service.destination,
        reason: "is no single address",
        remedy: "write the overlay IP as a /32, or as a /128 for IPv6",
      },
    ];
  const ec2 = await context.ec2(service.region);
  const deadline = deadlineIn(context.limits.look);
  const candidate = service.candidates[to];
  const unknown = unknownNode(service.candidates, to);
  const routes = routeProblems(ec2, service, destination, candidate, context, deadline);
  const [node, vpc, tables] = await Promise.all([
    unknown !== undefined || candidate === undefined
      ? [unknown].filter((problem) => problem !== undefined)
      : nodeProblems(ec2, service, to, candidate, context, deadline),
    vpcProblems(ec2, service, destination, context, deadline),
    routes,
  ]);
  // A dead target is refused by every dry run, too: said once is enough.
  return [...node, ...vpc, ...(node.length > 0 ? tables.filter((problem) => !problem.ofTarget) : tables)].map(
    ({ subject, reason, remedy }) => ({ subject, reason, remedy }),
  );
}

async function nodeProblems(
  ec2: Ec2Calls,
  service: OverlayIpService,
  to: string,
  candidate: OverlayCandidate,
  context: Context,
  deadline: Deadline,
): Promise<Problem[]> {
  const subject = `${candidate.instanceId} (${to})`;
  const eniSubject = `${candidate.networkInterfaceId} (${to})`;
  const [{ problems, instance }, interfaces] = await Promise.all([
    instanceProblems(ec2, subject, candidate.instanceId, context, deadline),
    lookAt(
      eniSubject,
      "ec2:DescribeNetworkInterfaces",
      (options) =>
        ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [candidate.networkInterfaceId] }, options),
      context,
      deadline,
    ),
  ]);
  const found = [...problems];
  if (instance !== undefined) found.push(...placementProblems(subject, instance, service));
  if ("problem" in interfaces) return [...found, interfaces.problem];
  const eni = interfaces.answer.NetworkInterfaces?.[0];
  if (eni === undefined) {
    const remedy = "check the id and the region, or bring the candidate up to date";
    return [...found, { subject: eniSubject, reason: "does not exist", remedy }];
  }
  return [...found, ...interfaceProblems(eniSubject, eni, candidate, instance)];
}

function placementProblems(subject: string, instance: Instance, service: OverlayIpService): Problem[] {
  // A terminated instance is in no VPC any more; that it's terminated has been said.
  if (instance.VpcId === undefined || instance.VpcId === service.vpcId) return [];
  const reason = `is in ${instance.VpcId}, but the routes are those of ${service.vpcId}`;
  return [{ subject, reason, remedy: "choose a node in the service's VPC" }];
}

function interfaceProblems(
  subject: string,
  eni: NetworkInterface,
  candidate: OverlayCandidate,
  instance: Instance | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const attachedTo = eni.Attachment?.InstanceId;
  if (attachedTo !== candidate.instanceId)
    problems.push({
      subject,
      reason: attachedTo === undefined ? "is not attached" : `is attached to ${attachedTo}`,
      remedy: `attach it to ${candidate.instanceId}, or bring the candidate up to date`,
    });
  // The instance's attribute is that of its primary interface.
  const isPrimary = instance?.NetworkInterfaces?.some(
    (own) =>
      own.NetworkInterfaceId === candidate.networkInterfaceId && (own.Attachment?.DeviceIndex ?? 0) === 0,
  );
  if (eni.SourceDestCheck === true || (isPrimary === true && instance?.SourceDestCheck === true))
    problems.push({
      subject,
      reason: "has its source/destination check on, so packets to the overlay IP would be dropped",
      remedy: `switch it off: aws ec2 modify-network-interface-attribute --network-interface-id ${candidate.networkInterfaceId} --no-source-dest-check`,
    });
  return problems;
}

async function vpcProblems(
  ec2: Ec2Calls,
  service: OverlayIpService,
  destination: Host,
  context: Context,
  deadline: Deadline,
): Promise<Problem[]> {
  const subject = service.vpcId;
  const look = await lookAt(
    subject,
    "ec2:DescribeVpcs",
    (options) => ec2.describeVpcs({ VpcIds: [service.vpcId] }, options),
    context,
    deadline,
  );
  if ("problem" in look) return [look.problem];
  const vpc = look.answer.Vpcs?.[0];
  if (vpc === undefined)
    return [{ subject, reason: "does not exist", remedy: "check the id, the region and the account" }];
  return cidrsOf(vpc)
    .filter((cidr) => contains(cidr, destination))
    .map((cidr) => ({
      subject: destination.cidr,
      reason: `is inside ${cidr} of ${subject}, where a route to a single address can't overrule the local one`,
      remedy: "choose an overlay IP outside of all of the VPC's CIDRs",
    }));
}

function cidrsOf(vpc: Vpc): string[] {
  const blocks = [
    vpc.CidrBlock,
    ...(vpc.CidrBlockAssociationSet ?? [])
      .filter((association) => association.CidrBlockState?.State !== "disassociated")
      .map((association) => association.CidrBlock),
    ...(vpc.Ipv6CidrBlockAssociationSet ?? [])
      .filter((association) => association.Ipv6CidrBlockState?.State !== "disassociated")
      .map((association) => association.Ipv6CidrBlock),
  ];
  return [...new Set(blocks.filter((cidr) => cidr !== undefined))];
}

/** A problem of a route table; `ofTarget`: what it says is about the target rather than about the table. */
type TableProblem = Problem & { ofTarget?: boolean };

async function routeProblems(
  ec2: Ec2Calls,
  service: OverlayIpService,
  destination: Host,
  candidate: OverlayCandidate | undefined,
  context: Context,
  deadline: Deadline,
): Promise<TableProblem[]> {
  const subject = service.vpcId;
  let entries: Entries<Target>;
  try {
    entries = await readEntries(ec2, { vpcId: service.vpcId, destination }, context, deadline);
  } catch (error) {
    const reason = `its route tables can't be read: ${describe(error)}`;
    const remedy = remedyFor(error, { permission: "ec2:DescribeRouteTables" });
    return [{ subject, reason, remedy }];
  }
  if (entries.size === 0)
    return [
      { subject, reason: "has no route tables in this region", remedy: "check the VPC's id and the region" },
    ];
  const foreign = foreignProblems(service, destination, entries);
  if (candidate === undefined) return foreign;
  return [
    ...foreign,
    ...(await permissionProblems(ec2, service, destination, candidate, entries, context, deadline)),
  ];
}

/**
 * Routes for the overlay IP that lead to somebody else. A dead one is no reason to refuse: nobody is served by it, and
 * it's what a terminated and replaced node leaves behind.
 */
function foreignProblems(service: OverlayIpService, destination: Host, entries: Entries<Target>): Problem[] {
  return [...entries].flatMap(([table, { target, dead }]) =>
    target === undefined || dead || isOurs(service, target)
      ? []
      : [
          {
            subject: table,
            reason: `already has a route for ${destination.cidr}, to ${target.id}, which is no candidate of this service`,
            remedy: `find out whose it is; then delete that route${candidacy(target)}, or choose another overlay IP`,
          },
        ],
  );
}

/** Services move between instances; what is no instance's interface can't be one of their nodes. */
function candidacy({ kind, id }: Target): string {
  return kind === "NetworkInterfaceId" || kind === "InstanceId" ? `, make ${id} a candidate` : "";
}

async function permissionProblems(
  ec2: Ec2Calls,
  service: OverlayIpService,
  destination: Host,
  candidate: OverlayCandidate,
  entries: Entries<Target>,
  context: Context,
  deadline: Deadline,
): Promise<TableProblem[]> {
  const due = [...entries].filter(([, entry]) => entry.target?.id !== candidate.networkInterfaceId);
  const tried = due.slice(0, DRY_RUNS);
  const answers = await inParallel(tried, DRY_RUNS, async ([table, entry]): Promise<TableProblem[]> => {
    const input = {
      ...destinationInput(destination),
      RouteTableId: table,
      NetworkInterfaceId: candidate.networkInterfaceId,
      DryRun: true,
    };
    const create = entry.target === undefined;
    const action = create ? "ec2:CreateRoute" : "ec2:ReplaceRoute";
    try {
      await persist(
        (options) => (create ? ec2.createRoute(input, options) : ec2.replaceRoute(input, options)),
        { deadline, perCall: context.limits.readCall },
      );
      return [];
    } catch (error) {
      if (codeOf(error) === "DryRunOperation") return [];
      return [dryRunProblem(table, action, error, nodeOf(service, entry.target))];
    }
  });
  return answers.flat();
}

function dryRunProblem(
  table: string,
  action: string,
  error: unknown,
  from: string | undefined,
): TableProblem {
  const kind = kindOf(error);
  if (kind === "denied" && credentialFault(error) === undefined)
    return {
      subject: table,
      reason: `${action} is not allowed on it (${codeOf(error)})`,
      remedy: `allow ${action} on this route table's ARN; without it the service would stay on ${from ?? "what it is on"} for this table's subnets`,
    };
  return {
    subject: table,
    reason: `a dry run of ${action} ended with ${describe(error)}`,
    remedy: remedyFor(error, { permission: action, gone: "remove what AWS names, and try again" }),
    ofTarget: kind === "gone" || kind === "impossible",
  };
}
