import { flag } from "../../lib/config";
import { machineTypes, rootVolumes } from "../../lib/machines";
import { resourceRule } from "../../lib/rule";
import { types } from "../../lib/types";
import { asFlag, at, UNKNOWN } from "../../lib/values";

export const rootVolumeEncrypted = resourceRule({
  name: "root-volume-encrypted",
  description: "Root volumes are encrypted.",
  why: "snapshots and disks of a node hold its keys and its data, and outlive it",
  level: "mandatory",
  source: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  types: [...machineTypes, types.spotFleet],
  config: {
    encryptedByDefault: flag({
      default: false,
      description: "Whether the account encrypts new volumes by default, so that a resource need not say it",
    }),
  },
  check: (resource, { encryptedByDefault }) => {
    const bare = rootVolumes(resource).filter((value) => value !== UNKNOWN && asFlag(value) !== true);
    const open = encryptedByDefault ? bare.filter((value) => asFlag(value) === false) : bare;
    if (open.length === 0) return [];
    const remedy =
      resource.type === types.launchTemplate
        ? "set ebs.encrypted to true in blockDeviceMappings"
        : "set rootBlockDevice.encrypted to true";
    return [{ resource, found: "has a root volume that is not encrypted", remedy }];
  },
  fix: (props) => {
    // A template's mappings are a list, of which only its author knows which one is the root.
    const isTemplate = props.blockDeviceMappings !== undefined || props.ami === undefined;
    return isTemplate || asFlag(at(props, "rootBlockDevice", "encrypted")) === true
      ? []
      : [{ path: ["rootBlockDevice", "encrypted"], value: true }];
  },
});
