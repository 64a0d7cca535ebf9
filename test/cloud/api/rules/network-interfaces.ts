import { AT_CREATION, checkAddresses } from "../ec2/addresses";
import { interfacesOf } from "../ec2/corrections";
import { ec2Done, ec2Reply } from "../ec2/describe";
import { find } from "../ec2/find";
import { checkGroups } from "../ec2/groups";
import { missing } from "../ec2/missing";
import type { Ec2Region } from "../ec2/region";
import { AwsError } from "../gateway/errors";
import type { Context, Handlers } from "../gateway/handler";
import { structParams } from "../gateway/params";
import { textAt, type XmlElement } from "../gateway/xml";

/** Network interfaces: what AWS refuses, and the states on the way of an attachment. */
export const networkInterfaceHandlers: Handlers = {
  "ec2:CreateNetworkInterface": {
    check: async ({ call, ec2 }) => {
      const subnet = await find(ec2, "subnets", call.params.SubnetId ?? "");
      const listed = structParams(call.params, "PrivateIpAddresses").map((one) => one.PrivateIpAddress ?? "");
      const single = call.params.PrivateIpAddress === undefined ? [] : [call.params.PrivateIpAddress];
      await checkAddresses(ec2, subnet, [...single, ...listed], AT_CREATION);
      await checkGroups(ec2, call.params, call.params.SubnetId);
    },
  },
  "ec2:DeleteNetworkInterface": {
    check: async ({ call, ec2 }) => {
      const id = call.params.NetworkInterfaceId ?? "";
      const eni = await find(ec2, "networkInterfaces", id);
      if (textAt(eni, "status") === "available") return;
      throw new AwsError("InvalidParameterValue", `Network interface '${id}' is currently in use.`);
    },
  },
  "ec2:AttachNetworkInterface": { check: checkAttachment, run: attach },
  "ec2:DetachNetworkInterface": { check: checkDetachment, run: detach },
  "ec2:ModifyNetworkInterfaceAttribute": { check: checkModification },
  "ec2:DescribeNetworkInterfaceAttribute": {
    run: async ({ call, ec2, forward }) => {
      const eni = await find(ec2, "networkInterfaces", call.params.NetworkInterfaceId ?? "");
      if (call.params.Attribute !== "attachment") return forward();
      const networkInterfaceId = textAt(eni, "networkInterfaceId");
      return ec2Reply(call.action, {
        networkInterfaceId,
        ...(eni.attachment === undefined ? {} : { attachment: eni.attachment }),
      });
    },
  },
};

async function checkAttachment(context: Context): Promise<void> {
  const { call, ec2 } = context;
  const { NetworkInterfaceId: eniId = "", InstanceId: instanceId = "", DeviceIndex: index } = call.params;
  if (index === undefined || !/^\d+$/.test(index)) {
    throw new AwsError("MissingParameter", "The request must contain the parameter deviceIndex");
  }
  const eni = await find(ec2, "networkInterfaces", eniId);
  const instance = await find(ec2, "instances", instanceId);
  if (textAt(eni, "status") !== "available") {
    throw new AwsError("InvalidNetworkInterface.InUse", `Interface: [${eniId}] in use.`);
  }
  const state = textAt(instance, "instanceState.name");
  if (!["pending", "running", "stopping", "stopped"].includes(state)) {
    throw new AwsError(
      "IncorrectInstanceState",
      `Instance '${instanceId}' is '${state}': it must be running or stopped.`,
    );
  }
  if (textAt(eni, "availabilityZone") !== textAt(instance, "placement.availabilityZone")) {
    throw new AwsError(
      "InvalidParameterCombination",
      "You may not attach a network interface to an instance if they are not in the same availability zone",
    );
  }
  const own = interfacesOf(await ec2.list("networkInterfaces"), instanceId);
  if (own.some((one) => textAt(one, "attachment.deviceIndex") === index)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Instance '${instanceId}' already has an interface attached at device index '${index}'.`,
    );
  }
  await checkLimit(ec2, textAt(instance, "instanceType"), own.length + 1);
}

/** An instance type has a number of slots for interfaces. */
async function checkLimit(ec2: Ec2Region, instanceType: string, wanted: number): Promise<void> {
  const limit = await ec2.networkLimit(instanceType, "maximumNetworkInterfaces");
  if (wanted <= limit) return;
  throw new AwsError(
    "AttachmentLimitExceeded",
    `Interface count ${wanted} exceeds the limit for ${instanceType}`,
  );
}

async function attach({ call, ec2, settings, forward }: Context): ReturnType<Context["forward"]> {
  const reply = await forward();
  const eniId = call.params.NetworkInterfaceId ?? "";
  if (reply.status >= 400 || settings.attachMs === 0) return reply;
  ec2.attachments.set(eniId, "attaching");
  await ec2.later(settings.attachMs, [eniId], () => {
    if (ec2.attachments.get(eniId) === "attaching") ec2.attachments.delete(eniId);
  });
  return reply;
}

async function attachedBy(ec2: Ec2Region, attachmentId: string): Promise<XmlElement> {
  const interfaces = await ec2.list("networkInterfaces");
  const eni = interfaces.find((one) => textAt(one, "attachment.attachmentId") === attachmentId);
  if (eni === undefined) throw missing.attachment([attachmentId]);
  return eni;
}

async function checkDetachment({ call, ec2 }: Context): Promise<void> {
  const eni = await attachedBy(ec2, call.params.AttachmentId ?? "");
  if (textAt(eni, "attachment.deviceIndex") !== "0") return;
  throw new AwsError("OperationNotPermitted", "The network interface at device index 0 cannot be detached.");
}

/** Detaching takes its time, unless it is forced: then the interface is free at once. */
async function detach({ call, ec2, settings }: Context): ReturnType<Context["forward"]> {
  const attachmentId = call.params.AttachmentId ?? "";
  const eniId = textAt(await attachedBy(ec2, attachmentId), "networkInterfaceId");
  const forced = call.params.Force === "true";
  const underWay = ec2.attachments.get(eniId) === "detaching";
  if (underWay && !forced) return ec2Done(call.action);
  ec2.attachments.set(eniId, "detaching");
  await ec2.later(forced ? 0 : settings.detachMs, [eniId], () => release(ec2, eniId, attachmentId));
  return ec2Done(call.action);
}

async function release(ec2: Ec2Region, eniId: string, attachmentId: string): Promise<void> {
  const attached = (await ec2.raw("networkInterfaces")).some(
    (one) => textAt(one, "attachment.attachmentId") === attachmentId,
  );
  // It may have been forced since, or its instance terminated.
  if (!attached) return;
  await ec2.ask("DetachNetworkInterface", { AttachmentId: attachmentId });
  ec2.attachments.delete(eniId);
  ec2.changed("DetachNetworkInterface");
}

async function checkModification({ call, ec2 }: Context): Promise<void> {
  const eni = await find(ec2, "networkInterfaces", call.params.NetworkInterfaceId ?? "");
  const given = Object.keys(call.params)
    .map((name) => name.split(".")[0] ?? "")
    .filter((name) => !["NetworkInterfaceId", "DryRun"].includes(name));
  const [first = "", second] = [...new Set(given)];
  if (second !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      `Fields for multiple attribute types specified: ${first}, ${second}`,
    );
  }
  await checkGroups(ec2, call.params, textAt(eni, "subnetId"));
  const attachmentId = call.params["Attachment.AttachmentId"];
  if (attachmentId !== undefined && attachmentId !== textAt(eni, "attachment.attachmentId")) {
    throw missing.attachment([attachmentId]);
  }
}
