import type { Instance } from "../../model";
import type { Ec2Region } from "../ec2/region";
import { partitionOf } from "../gateway/partition";
import { textAt, type XmlElement } from "../gateway/xml";
import type { Directory } from "../iam/directory";
import { tagsOf } from "./tags";

export async function instances(ec2: Ec2Region, directory: Directory): Promise<Instance[]> {
  const { roles } = await directory.account(partitionOf(ec2.name));
  const roleOf = (profile: string): string =>
    [...roles.values()].find((role) => role.profiles.includes(profile))?.name ?? "";
  const zoneIds = new Map(
    (await ec2.list("subnets")).map((one) => [textAt(one, "subnetId"), textAt(one, "availabilityZoneId")]),
  );
  return Promise.all(
    (await ec2.list("instances")).map(async (element) => {
      const id = textAt(element, "instanceId");
      const tags = tagsOf(element);
      const instanceProfile = textAt(element, "iamInstanceProfile.arn");
      return {
        id,
        state: textAt(element, "instanceState.name") as Instance["state"],
        boots: ec2.boots.get(id) ?? 0,
        name: tags.Name ?? "",
        tags,
        ...textsOf(element),
        userData: await userData(ec2, id),
        instanceProfile,
        instanceProfileId: textAt(element, "iamInstanceProfile.id"),
        availabilityZoneId: zoneIds.get(textAt(element, "subnetId")) ?? "",
        role: instanceProfile === "" ? "" : roleOf(instanceProfile),
        metadataOptions: {
          httpEndpoint: textAt(element, "metadataOptions.httpEndpoint"),
          httpTokens: textAt(element, "metadataOptions.httpTokens"),
          httpPutResponseHopLimit: Number(textAt(element, "metadataOptions.httpPutResponseHopLimit")),
          instanceMetadataTags: textAt(element, "metadataOptions.instanceMetadataTags"),
        },
      };
    }),
  );
}

function textsOf(element: XmlElement) {
  return {
    imageId: textAt(element, "imageId"),
    instanceType: textAt(element, "instanceType"),
    architecture: textAt(element, "architecture"),
    availabilityZone: textAt(element, "placement.availabilityZone"),
    vpcId: textAt(element, "vpcId"),
    subnetId: textAt(element, "subnetId"),
    privateIpAddress: textAt(element, "privateIpAddress"),
    privateDnsName: textAt(element, "privateDnsName"),
    keyName: textAt(element, "keyName"),
    rootDeviceName: textAt(element, "rootDeviceName"),
    launchTime: textAt(element, "launchTime"),
    reservationId: textAt(element, "#reservationId"),
  };
}

function userData(ec2: Ec2Region, InstanceId: string): Promise<string> {
  return ec2.attribute("DescribeInstanceAttribute", { InstanceId, Attribute: "userData" }, "userData.value");
}
