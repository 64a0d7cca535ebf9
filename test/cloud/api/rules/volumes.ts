import { ec2Reply } from "../ec2/describe";
import { missing } from "../ec2/missing";
import { AwsError } from "../gateway/errors";
import type { Handlers } from "../gateway/handler";
import { at, isElement, parseXml, textAt } from "../gateway/xml";

const TYPES = ["gp2", "gp3", "io1", "io2", "sc1", "st1"];

/** ModifyVolume: a volume only grows, and its modification begins as `modifying`. */
export const volumeHandlers: Handlers = {
  "ec2:ModifyVolume": {
    check: async ({ call, ec2 }) => {
      const { VolumeId: id = "", Size, VolumeType } = call.params;
      const volume = (await ec2.list("volumes")).find((one) => textAt(one, "volumeId") === id);
      if (volume === undefined) throw missing.volume([id]);
      if (Size !== undefined && Number(Size) < Number(textAt(volume, "size"))) {
        throw new AwsError("InvalidParameterValue", "New size cannot be smaller than existing size");
      }
      if (VolumeType !== undefined && !TYPES.includes(VolumeType)) {
        throw new AwsError("InvalidParameterValue", `Invalid volume type: ${VolumeType}`);
      }
    },
    run: async ({ call, forward }) => {
      const reply = await forward();
      if (reply.status >= 400) return reply;
      const made = at(parseXml(reply.body), "ModifyVolumeResponse.volumeModification");
      const modification = {
        ...(isElement(made) ? made : {}),
        modificationState: "modifying",
        progress: "0",
      };
      return ec2Reply(call.action, { volumeModification: modification });
    },
  },
};
