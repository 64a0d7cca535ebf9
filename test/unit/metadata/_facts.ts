/** An instance with two interfaces, as the model has it. */
import type { CloudModel, Instance } from "../../cloud/model";
import { model, networkInterface, VPC_ID } from "../vpc-resolver/_model";

export const INSTANCE_ID = "i-00000000000000001";

export function instance(changes: Partial<Instance> = {}): Instance {
  return {
    ...{
      id: INSTANCE_ID,
      state: "running",
      boots: 0,
      name: "node1",
      tags: { Name: "node1", Lab: "offline" },
    },
    ...{ imageId: "ami-00000000000000001", instanceType: "t3.micro", architecture: "x86_64" },
    ...{
      availabilityZone: "us-east-1a",
      availabilityZoneId: "use1-az1",
      vpcId: VPC_ID,
      subnetId: "subnet-1",
    },
    ...{ privateIpAddress: "10.0.0.10", privateDnsName: "ip-10-0-0-10.ec2.internal", keyName: "operator" },
    ...{ rootDeviceName: "/dev/xvda", launchTime: "2026-01-02T03:04:05.000Z", reservationId: "r-1" },
    userData: Buffer.from("#cloud-config\n").toString("base64"),
    instanceProfile: "arn:aws:iam::123456789012:instance-profile/node",
    ...{ instanceProfileId: "AIPA00000000000000001", role: "node" },
    metadataOptions: {
      ...{ httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      instanceMetadataTags: "disabled",
    },
    ...changes,
  };
}

export function cloudWith(one: Instance, attached = 2): CloudModel {
  const interfaces = [
    { ...networkInterface("eni-2", "10.0.1.10"), macAddress: "02:00:00:00:00:02" },
    networkInterface("eni-1", "10.0.0.10", "10.0.0.11"),
  ].map((each, i) => ({
    ...each,
    securityGroupIds: ["sg-1"],
    ...(1 - i < attached
      ? {
          attachment: {
            ...{ id: `eni-attach-${i}`, instanceId: one.id, deviceIndex: 1 - i, status: "attached" as const },
          },
        }
      : {}),
  }));
  return model([], {
    instances: [one],
    networkInterfaces: interfaces,
    securityGroups: [{ id: "sg-1", name: "nodes", vpcId: VPC_ID, ingress: [], egress: [] }],
    subnets: [
      { id: "subnet-1", vpcId: VPC_ID, availabilityZone: "us-east-1a", cidrBlock: "10.0.0.0/24", name: "" },
    ],
  });
}
