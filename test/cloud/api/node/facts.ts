import type { Instance } from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../admin/types";
import type { ImdsFacts } from "../imds";

/** What the metadata service tells of an instance that DescribeInstances describes. */
export function imdsFacts(instance: Instance, region: string, role?: string): ImdsFacts {
  return {
    instanceId: instance.InstanceId ?? "",
    imageId: instance.ImageId ?? "",
    instanceType: instance.InstanceType ?? "",
    accountId: ACCOUNT_ID,
    region,
    availabilityZone: instance.Placement?.AvailabilityZone ?? "",
    privateDnsName: instance.PrivateDnsName ?? "",
    interfaces: (instance.NetworkInterfaces ?? []).map((each) => ({
      id: each.NetworkInterfaceId ?? "",
      mac: each.MacAddress ?? "",
      deviceIndex: each.Attachment?.DeviceIndex ?? 0,
      addresses: (each.PrivateIpAddresses ?? []).map((one) => one.PrivateIpAddress ?? ""),
      subnetId: each.SubnetId ?? "",
      vpcId: each.VpcId ?? "",
    })),
    ...(role === undefined ? {} : { role }),
  };
}
