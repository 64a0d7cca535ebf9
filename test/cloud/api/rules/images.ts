import { checkFilters } from "../ec2/filters";
import type { Handler, Handlers } from "../gateway/handler";

/** What moto answers itself, after a check of the filters: an unknown one would make it fail. */
function withFilters(...names: string[]): Handler {
  const known = Object.fromEntries(names.map((name) => [name, ""]));
  return {
    check: ({ call }) => {
      checkFilters(call.params, known);
    },
  };
}

export const imageHandlers: Handlers = {
  "ec2:DescribeImages": withFilters(
    "architecture",
    "block-device-mapping.device-name",
    "block-device-mapping.snapshot-id",
    "block-device-mapping.volume-size",
    "block-device-mapping.volume-type",
    "creation-date",
    "description",
    "hypervisor",
    "image-id",
    "image-type",
    "is-public",
    "kernel-id",
    "name",
    "owner-alias",
    "owner-id",
    "platform",
    "product-code",
    "root-device-name",
    "root-device-type",
    "state",
    "virtualization-type",
  ),
  "ec2:DescribeInstanceTypes": withFilters("bare-metal", "current-generation", "instance-type"),
};
