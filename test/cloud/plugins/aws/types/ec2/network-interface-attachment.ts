import { number, required, text, words } from "../../../frame/fields";
import { textOf } from "../../context";
import { resource } from "../../define";
import { attach, detach, findInterface, present } from "./network-interfaces";

export const networkInterfaceAttachment = resource({
  token: "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment",
  inputs: {
    instanceId: required(text({ forceNew: true })),
    networkInterfaceId: required(text({ forceNew: true })),
    deviceIndex: required(number({ forceNew: true })),
    networkCardIndex: number({ forceNew: true, computed: true }),
  },
  outputs: words("attachmentId status"),
  gone: ["InvalidNetworkInterfaceID.NotFound", "InvalidAttachmentID.NotFound"],
  // An interface is in one place only.
  deleteBeforeReplace: true,
  create: (context, inputs) =>
    attach(context, {
      id: inputs.networkInterfaceId,
      instance: inputs.instanceId,
      device: inputs.deviceIndex,
      card: inputs.networkCardIndex,
    }),
  async read(context, id, prior) {
    const eni = textOf(prior.state, "networkInterfaceId") || textOf(prior.inputs, "networkInterfaceId");
    const it =
      eni === ""
        ? (
            await context.ec2("DescribeNetworkInterfaces", {
              Filters: [{ Name: "attachment.attachment-id", Values: [id] }],
            })
          ).NetworkInterfaces?.[0]
        : await findInterface(context, eni);
    const attachment = present(it);
    if (!it || !attachment || attachment.AttachmentId !== id) return undefined;
    return {
      id,
      attachmentId: id,
      instanceId: attachment.InstanceId,
      networkInterfaceId: it.NetworkInterfaceId,
      deviceIndex: attachment.DeviceIndex,
      networkCardIndex: attachment.NetworkCardIndex ?? 0,
      status: attachment.Status,
    };
  },
  async delete(context, id, state) {
    const eni = textOf(state, "networkInterfaceId");
    const it = await findInterface(context, eni);
    // Attached elsewhere in the meantime: that attachment isn't ours to end.
    if (it?.Attachment?.AttachmentId === id) await detach(context, eni);
  },
});
