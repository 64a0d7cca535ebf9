import type { Resource } from "./resource";
import { types } from "./types";
import { asList, at, type Props, UNKNOWN } from "./values";

/** Types from which machines are started, one or many, with the settings of an instance. */
export const machineTypes = [
  types.instance,
  types.spotRequest,
  types.launchTemplate,
  types.launchConfiguration,
] as const;

/** Whether a machine gets what it leaves out from a launch template, which is judged by itself. */
export function hasTemplate(props: Props): boolean {
  return props.launchTemplate !== undefined;
}

/** Whether the root volume is encrypted, as each volume that may be it says; UNKNOWN, or undefined where nothing is said. */
export function rootVolumes({ type, props }: Resource): readonly unknown[] {
  if (type === types.launchTemplate) return templateVolumes(props);
  if (type === types.spotFleet) {
    return asList(props.launchSpecifications).flatMap((specification) => {
      const blocks = asList(at(specification, "rootBlockDevices"));
      return blocks.length === 0 ? [undefined] : blocks.map((block) => at(block, "encrypted"));
    });
  }
  const encrypted = at(props, "rootBlockDevice", "encrypted");
  return encrypted === undefined && hasTemplate(props) ? [] : [encrypted];
}

/** Mappings without a volume leave a device out, or are of disks that go with the machine. */
function templateVolumes(props: Props): readonly unknown[] {
  if (props.blockDeviceMappings === UNKNOWN) return [];
  const volumes = asList(props.blockDeviceMappings)
    .filter((mapping) => at(mapping, "ebs") !== undefined)
    .map((mapping) => at(mapping, "ebs", "encrypted"));
  // A template with an image is enough to start a machine; without one it only adds to what others say.
  return volumes.length === 0 && props.imageId !== undefined ? [undefined] : volumes;
}
