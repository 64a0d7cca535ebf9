/**
 * Every reason why a floating ENI must not be moved to a node, at once. Two round trips: one for the interface and the
 * node, one for what depends on them.
 */
import { type Instance, type NetworkInterface } from "@aws-sdk/client-ec2";
import { contains, parseHost } from "../../core/addresses";
import { type Problem, unknownNode } from "../../core/contract";
import { type Context, type Ec2Calls } from "../../core/context";
import { type FloatingEniService, freeIndex, isOurs, usedIndexes } from "./service";
import { codeOf, credentialFault, kindOf } from "../../core/errors";
import { instanceProblems, lookAt } from "../../core/instance-preflight";
import { type Deadline, deadlineIn, persist } from "../../core/retry";

/** What the looks of one preflight have in common. */
interface Scene {
  ec2: Ec2Calls;
  service: FloatingEniService;
  context: Context;
  deadline: Deadline;
}

export async function floatingEniPreflight(
  service: FloatingEniService,
  to: string,
  context: Context,
): Promise<Problem[]> {
  const scene = {
    ec2: await context.ec2(service.region),
    service,
    context,
    deadline: deadlineIn(context.limits.look),
  };
  const unknown = unknownNode(service.candidates, to);
  const candidate = service.candidates[to];
  const subject = candidate === undefined ? to : `${candidate.instanceId} (${to})`;
  const [found, node] = await Promise.all([
    lookAt(
      service.networkInterfaceId,
      "ec2:DescribeNetworkInterfaces",
      (options) =>
        scene.ec2.describeNetworkInterfaces({ NetworkInterfaceIds: [service.networkInterfaceId] }, options),
      context,
      scene.deadline,
    ),
    candidate === undefined
      ? { problems: [] }
      : instanceProblems(scene.ec2, subject, candidate.instanceId, context, scene.deadline),
  ]);
  const problems: Problem[] = [...(unknown === undefined ? [] : [unknown]), ...node.problems];
  const instance: Instance | undefined = "instance" in node ? node.instance : undefined;
  const eni = "problem" in found ? undefined : found.answer.NetworkInterfaces?.[0];
  if ("problem" in found) problems.unshift(found.problem);
  else if (eni === undefined)
    problems.unshift({
      subject: service.networkInterfaceId,
      reason: "does not exist",
      remedy: "check the id, the region and the account",
    });
  else problems.push(...holderProblems(service, eni));
  if (eni !== undefined && eni.Attachment?.InstanceId === candidate?.instanceId) return problems;
  if (eni !== undefined && instance !== undefined)
    problems.push(...placeProblems(service, subject, eni, instance));
  const more = await Promise.all([
    eni === undefined ? [] : addressProblems(scene, eni),
    instance === undefined ? [] : slotProblems(scene, subject, instance),
    eni === undefined || candidate === undefined
      ? []
      : permissionProblems(scene, eni, candidate.instanceId, instance),
  ]);
  return [...problems, ...more.flat()];
}

function holderProblems(service: FloatingEniService, eni: NetworkInterface): Problem[] {
  const subject = service.networkInterfaceId;
  const problems: Problem[] = [];
  if (eni.RequesterManaged === true)
    problems.push({
      subject,
      reason: "is managed by an AWS service and can't be moved",
      remedy: "give the service an interface of its own",
    });
  const attachment = eni.Attachment;
  if (attachment === undefined || attachment.Status === "detached" || eni.RequesterManaged === true)
    return problems;
  const holder = attachment.InstanceId ?? `something of account ${attachment.InstanceOwnerId ?? "unknown"}`;
  if (attachment.DeviceIndex === 0)
    problems.push({
      subject,
      reason: `is the primary interface of ${holder}, which can't be detached`,
      remedy: "give the service an interface of its own",
    });
  const held = {
    id: attachment.AttachmentId ?? "",
    instanceId: holder,
    deviceIndex: attachment.DeviceIndex ?? 0,
    state: "attached" as const,
    deleteOnTermination: attachment.DeleteOnTermination === true,
  };
  if (held.deleteOnTermination)
    problems.push({
      subject,
      reason: `is deleted when ${holder} is terminated (DeleteOnTermination is on)`,
      remedy: "the move puts that right",
      note: true,
    });
  if (!isOurs(service, held))
    problems.push({
      subject,
      reason: `is attached to ${holder}, which is no candidate of this service`,
      remedy: `find out why; then detach it there, or make ${holder} a candidate`,
    });
  return problems;
}

function placeProblems(
  service: FloatingEniService,
  subject: string,
  eni: NetworkInterface,
  instance: Instance,
): Problem[] {
  const problems: Problem[] = [];
  const zone = instance.Placement?.AvailabilityZone;
  if (zone !== undefined && zone !== eni.AvailabilityZone)
    problems.push({
      subject,
      reason: `is in ${zone}, but ${service.networkInterfaceId} is in ${eni.AvailabilityZone ?? "another zone"}`,
      remedy: "an interface can't leave its availability zone: choose a node there, or use an overlay IP",
    });
  if (service.vpcId !== undefined && instance.VpcId !== undefined && instance.VpcId !== service.vpcId)
    problems.push({
      subject,
      reason: `is in ${instance.VpcId}, but the service is in ${service.vpcId}`,
      remedy: "choose a node in the service's VPC",
    });
  return problems;
}

async function addressProblems(scene: Scene, eni: NetworkInterface): Promise<Problem[]> {
  const { service, ec2 } = scene;
  const problems: Problem[] = [];
  const subject = service.networkInterfaceId;
  const own = (eni.PrivateIpAddresses ?? []).flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []);
  const primary = eni.PrivateIpAddress;
  const address = service.address ?? primary;
  if (service.address !== undefined && service.address !== primary && !own.includes(service.address))
    problems.push({
      subject,
      reason: `does not have the address ${service.address}, but ${[...new Set([primary, ...own])].join(", ")}`,
      remedy: "give the service the interface that has its address",
    });
  const subnetId = eni.SubnetId;
  const host = address === undefined ? undefined : parseHost(`${address}/32`);
  if (subnetId === undefined || host === undefined) return problems;
  const look = await lookAt(
    subnetId,
    "ec2:DescribeSubnets",
    (options) => ec2.describeSubnets({ SubnetIds: [subnetId] }, options),
    scene.context,
    scene.deadline,
  );
  if ("problem" in look) return [...problems, look.problem];
  const cidr = look.answer.Subnets?.[0]?.CidrBlock;
  if (cidr !== undefined && !contains(cidr, host))
    problems.push({
      subject,
      reason: `has its address ${host.address} outside of ${cidr} of its subnet ${subnetId}`,
      remedy: "choose an address in the subnet",
    });
  return problems;
}

/** An instance can have so many interfaces, depending on its type. */
async function slotProblems(scene: Scene, subject: string, instance: Instance): Promise<Problem[]> {
  const type = instance.InstanceType;
  // A terminated instance has no interfaces; that it's terminated has been said.
  if (type === undefined || instance.State?.Name === "terminated") return [];
  const look = await lookAt(
    type,
    "ec2:DescribeInstanceTypes",
    (options) => scene.ec2.describeInstanceTypes({ InstanceTypes: [type] }, options),
    scene.context,
    scene.deadline,
  );
  if ("problem" in look) return [look.problem];
  const network = look.answer.InstanceTypes?.[0]?.NetworkInfo;
  const limit = network?.NetworkCards?.[0]?.MaximumNetworkInterfaces ?? network?.MaximumNetworkInterfaces;
  const count = usedIndexes(instance).size;
  if (limit === undefined || count < limit) return [];
  return [
    {
      subject,
      reason: `has ${count} network interfaces, and ${type} can have no more than ${limit}`,
      remedy: "detach one that isn't needed, or choose a larger instance type",
    },
  ];
}

/**
 * Only a denial counts here: a dry run may also be refused because the interface is still in use elsewhere, which is
 * how it has to be before a move.
 */
async function permissionProblems(
  { ec2, service, context, deadline }: Scene,
  eni: NetworkInterface,
  instanceId: string,
  instance: Instance | undefined,
): Promise<Problem[]> {
  const limits = { deadline, perCall: context.limits.readCall };
  const attachment = eni.Attachment?.Status === "detached" ? undefined : eni.Attachment?.AttachmentId;
  const attach = {
    NetworkInterfaceId: service.networkInterfaceId,
    InstanceId: instanceId,
    DeviceIndex: freeIndex(usedIndexes(instance)),
    DryRun: true,
  };
  const tries = await Promise.all([
    attachment === undefined
      ? undefined
      : denialOf("ec2:DetachNetworkInterface", service, eni.Attachment?.InstanceId ?? "its holder", () =>
          persist(
            (options) => ec2.detachNetworkInterface({ AttachmentId: attachment, DryRun: true }, options),
            limits,
          ),
        ),
    denialOf("ec2:AttachNetworkInterface", service, instanceId, () =>
      persist((options) => ec2.attachNetworkInterface(attach, options), limits),
    ),
  ]);
  return tries.filter((problem) => problem !== undefined);
}

async function denialOf(
  action: string,
  service: FloatingEniService,
  instanceId: string,
  dryRun: () => Promise<unknown>,
): Promise<Problem | undefined> {
  try {
    await dryRun();
    return undefined;
  } catch (error) {
    // Credentials that are none are reported by the looks.
    if (kindOf(error) !== "denied" || credentialFault(error) !== undefined) return undefined;
    return {
      subject: service.networkInterfaceId,
      reason: `${action} is not allowed on it and ${instanceId} (${codeOf(error)})`,
      remedy: `allow ${action} on the ARNs of this interface and this instance`,
    };
  }
}
