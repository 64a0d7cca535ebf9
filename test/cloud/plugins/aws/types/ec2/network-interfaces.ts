/** Attaching and detaching, shared by the interface's own `attachments` and the attachment as a resource. */
import { type NetworkInterface, type NetworkInterfaceAttachment } from "@aws-sdk/client-ec2";
import { isOneOf } from "../../../frame/errors";
import { until } from "../../../frame/wait";
import { type AwsContext, need } from "../../context";

export async function findInterface(context: AwsContext, id: string): Promise<NetworkInterface | undefined> {
  return (await context.ec2("DescribeNetworkInterfaces", { NetworkInterfaceIds: [id] }))
    .NetworkInterfaces?.[0];
}

/** The attachment, unless it is going or gone. */
export function present(it: NetworkInterface | undefined): NetworkInterfaceAttachment | undefined {
  const attachment = it?.Attachment;
  return attachment?.AttachmentId === undefined ||
    attachment.Status === "detached" ||
    attachment.Status === "detaching"
    ? undefined
    : attachment;
}

export interface Place {
  readonly id: string;
  readonly instance: string;
  readonly device: number;
  readonly card?: number | undefined;
}

export async function attach(context: AwsContext, place: Place): Promise<string> {
  const answer = await context.ec2("AttachNetworkInterface", {
    NetworkInterfaceId: place.id,
    InstanceId: place.instance,
    DeviceIndex: place.device,
    NetworkCardIndex: place.card,
  });
  await until(context, `${place.id} to be attached to ${place.instance}`, async () =>
    (await findInterface(context, place.id))?.Attachment?.Status === "attached" ? true : undefined,
  );
  return need(answer.AttachmentId, "the attachment's id");
}

/** Detaches whatever it is attached to, and waits until it is free. Nothing to detach is no error. */
export async function detach(context: AwsContext, id: string): Promise<void> {
  const it = await findInterface(context, id);
  const attachment = present(it);
  if (attachment) {
    try {
      // As the official provider does when it deletes: it can't know whether the system on it still answers.
      await context.ec2("DetachNetworkInterface", { AttachmentId: attachment.AttachmentId, Force: true });
    } catch (error) {
      if (!isOneOf(error, ["InvalidAttachmentID.NotFound", "InvalidAttachment.NotFound"])) throw error;
    }
  }
  await until(context, `${id} to be detached`, async () => {
    const now = await findInterface(context, id);
    return !now || now.Status === "available" ? true : undefined;
  });
}
