import { describe, ec2Reply } from "../ec2/describe";
import type { FilterTable } from "../ec2/filters";
import { find } from "../ec2/find";
import { missing } from "../ec2/missing";
import type { Handlers } from "../gateway/handler";
import { textAt, type XmlElement } from "../gateway/xml";

const IDS = { param: "InstanceId", field: "instanceId", prefix: "i-", missing: missing.instance };

/** EC2 API Reference, DescribeInstances. */
const INSTANCE_FILTERS: FilterTable = {
  affinity: "placement.affinity",
  architecture: "architecture",
  "availability-zone": "placement.availabilityZone",
  "block-device-mapping.delete-on-termination": "blockDeviceMapping.ebs.deleteOnTermination",
  "block-device-mapping.device-name": "blockDeviceMapping.deviceName",
  "block-device-mapping.volume-id": "blockDeviceMapping.ebs.volumeId",
  "client-token": "clientToken",
  "dns-name": "dnsName",
  "ebs-optimized": "ebsOptimized",
  hypervisor: "hypervisor",
  "iam-instance-profile.arn": "iamInstanceProfile.arn",
  "iam-instance-profile.id": "iamInstanceProfile.id",
  "image-id": "imageId",
  "instance-id": "instanceId",
  "instance-lifecycle": "instanceLifecycle",
  "instance-state-code": "instanceState.code",
  "instance-state-name": "instanceState.name",
  "instance-type": "instanceType",
  "instance.group-id": "groupSet.groupId",
  "instance.group-name": "groupSet.groupName",
  "ip-address": "ipAddress",
  "key-name": "keyName",
  "launch-index": "amiLaunchIndex",
  "launch-time": "launchTime",
  "metadata-options.http-endpoint": "metadataOptions.httpEndpoint",
  "metadata-options.http-tokens": "metadataOptions.httpTokens",
  "monitoring-state": "monitoring.state",
  "network-interface.addresses.private-ip-address":
    "networkInterfaceSet.privateIpAddressesSet.privateIpAddress",
  "network-interface.attachment.attachment-id": "networkInterfaceSet.attachment.attachmentId",
  "network-interface.attachment.device-index": "networkInterfaceSet.attachment.deviceIndex",
  "network-interface.attachment.status": "networkInterfaceSet.attachment.status",
  "network-interface.group-id": "networkInterfaceSet.groupSet.groupId",
  "network-interface.mac-address": "networkInterfaceSet.macAddress",
  "network-interface.network-interface-id": "networkInterfaceSet.networkInterfaceId",
  "network-interface.source-dest-check": "networkInterfaceSet.sourceDestCheck",
  "network-interface.status": "networkInterfaceSet.status",
  "network-interface.subnet-id": "networkInterfaceSet.subnetId",
  "network-interface.vpc-id": "networkInterfaceSet.vpcId",
  "owner-id": "#ownerId",
  "private-dns-name": "privateDnsName",
  "private-ip-address": "privateIpAddress",
  reason: "reason",
  "reservation-id": "#reservationId",
  "root-device-name": "rootDeviceName",
  "root-device-type": "rootDeviceType",
  "source-dest-check": "sourceDestCheck",
  "state-reason-code": "stateReason.code",
  "subnet-id": "subnetId",
  tenancy: "placement.tenancy",
  "virtualization-type": "virtualizationType",
  "vpc-id": "vpcId",
};

/** EC2 API Reference, DescribeInstanceStatus. */
const STATUS_FILTERS: FilterTable = {
  "availability-zone": "availabilityZone",
  "instance-state-code": "instanceState.code",
  "instance-state-name": "instanceState.name",
  "instance-status.reachability": "instanceStatus.details.status",
  "instance-status.status": "instanceStatus.status",
  "system-status.reachability": "systemStatus.details.status",
  "system-status.status": "systemStatus.status",
};

export const instanceDescribeHandlers: Handlers = {
  "ec2:DescribeInstances": describe({
    kind: "instances",
    set: "reservationSet",
    ids: IDS,
    filters: INSTANCE_FILTERS,
    shape: grouped,
  }),
  "ec2:DescribeInstanceStatus": describe({
    kind: "instanceStatuses",
    set: "instanceStatusSet",
    ids: IDS,
    filters: STATUS_FILTERS,
    // "By default, only running instances are described" (DescribeInstanceStatus).
    shape: (items, { call }) =>
      call.params.IncludeAllInstances === "true"
        ? items
        : items.filter((item) => textAt(item, "instanceState.name") === "running"),
  }),
  "ec2:DescribeInstanceAttribute": {
    run: async ({ call, ec2, forward }) => {
      const id = call.params.InstanceId ?? "";
      const instance = await find(ec2, "instances", id);
      switch (call.params.Attribute) {
        case "sourceDestCheck":
          return ec2Reply(call.action, {
            instanceId: id,
            sourceDestCheck: { value: textAt(instance, "sourceDestCheck") },
          });
        case "groupSet":
          return ec2Reply(call.action, { instanceId: id, groupSet: instance.groupSet ?? "" });
        default:
          return forward();
      }
    },
  },
};

/** Reservations with their instances, as DescribeInstances and RunInstances answer them. */
export function grouped(instances: XmlElement[]): XmlElement[] {
  const reservations = new Map<string, XmlElement[]>();
  for (const instance of instances) {
    const id = textAt(instance, "#reservationId");
    reservations.set(id, [...(reservations.get(id) ?? []), instance]);
  }
  return [...reservations].map(([reservationId, members]) => ({
    reservationId,
    ownerId: textAt(members[0], "#ownerId"),
    groupSet: "",
    instancesSet: { item: members.map(withoutNotes) },
  }));
}

function withoutNotes(instance: XmlElement): XmlElement {
  return Object.fromEntries(Object.entries(instance).filter(([name]) => !name.startsWith("#")));
}
