import { type Declarations, each, FOUND, tags } from "./declaration";

const PROFILE = "IamInstanceProfile{Arn Name}";
const METADATA = "HttpEndpoint HttpTokens HttpPutResponseHopLimit HttpProtocolIpv6 InstanceMetadataTags";
const INTERFACES =
  "NetworkInterfaces{DeviceIndex NetworkInterfaceId SubnetId Description PrivateIpAddress " +
  "PrivateIpAddresses{Primary PrivateIpAddress} SecondaryPrivateIpAddressCount Groups DeleteOnTermination " +
  "AssociatePublicIpAddress InterfaceType=interface NetworkCardIndex=0}";

/** Instances, their interfaces, addresses and volumes. */
export const instanceParameters: Declarations = {
  "ec2:RunInstances":
    "ImageId InstanceType MinCount MaxCount KeyName UserData ClientToken SubnetId PrivateIpAddress SecurityGroupIds " +
    `Placement{AvailabilityZone Tenancy=default} Monitoring{Enabled} EbsOptimized ${PROFILE} ${INTERFACES} ` +
    "BlockDeviceMappings{DeviceName Ebs{DeleteOnTermination Encrypted KmsKeyId SnapshotId VolumeSize VolumeType Iops " +
    "Throughput}} CreditSpecification{CpuCredits} DisableApiTermination DisableApiStop " +
    `InstanceInitiatedShutdownBehavior MetadataOptions{${METADATA}} ${tags("instance|volume|network-interface")}`,
  "ec2:StartInstances": "InstanceIds",
  "ec2:StopInstances": "InstanceIds Force Hibernate=false",
  ...each(
    "ec2",
    ["RebootInstances", "TerminateInstances", "MonitorInstances", "UnmonitorInstances"],
    "InstanceIds",
  ),
  "ec2:DescribeInstances": `InstanceIds ${FOUND}`,
  "ec2:DescribeInstanceStatus": `InstanceIds IncludeAllInstances ${FOUND}`,
  "ec2:DescribeInstanceAttribute":
    "InstanceId Attribute=instanceType|userData|disableApiTermination|instanceInitiatedShutdownBehavior|" +
    "rootDeviceName|blockDeviceMapping|sourceDestCheck|groupSet|ebsOptimized|disableApiStop",
  "ec2:ModifyInstanceAttribute":
    "InstanceId Attribute Value SourceDestCheck{Value} DisableApiStop{Value} DisableApiTermination{Value} " +
    "InstanceType{Value} UserData{Value} InstanceInitiatedShutdownBehavior{Value} Groups EbsOptimized{Value} " +
    "BlockDeviceMappings{DeviceName Ebs{DeleteOnTermination}}",
  "ec2:ModifyInstanceMetadataOptions": `InstanceId ${METADATA}`,
  "ec2:DescribeInstanceCreditSpecifications": `InstanceIds ${FOUND}`,
  "ec2:ModifyInstanceCreditSpecification": "ClientToken InstanceCreditSpecifications{InstanceId CpuCredits}",
  "ec2:DescribeInstanceTypes": `InstanceTypes ${FOUND}`,
  "ec2:DescribeImages": `ImageIds Owners ExecutableUsers IncludeDeprecated ${FOUND}`,

  "ec2:CreateKeyPair": `KeyName KeyType KeyFormat=pem ${tags("key-pair")}`,
  "ec2:DeleteKeyPair": "KeyName",
  "ec2:DescribeKeyPairs": "KeyNames Filters{Name Values}",
  "ec2:ImportKeyPair": `KeyName PublicKeyMaterial ${tags("key-pair")}`,

  "ec2:AssociateIamInstanceProfile": `InstanceId ${PROFILE}`,
  "ec2:DescribeIamInstanceProfileAssociations": `AssociationIds ${FOUND}`,
  "ec2:DisassociateIamInstanceProfile": "AssociationId",
  "ec2:ReplaceIamInstanceProfileAssociation": `AssociationId ${PROFILE}`,

  "ec2:CreateNetworkInterface":
    "SubnetId Description Groups PrivateIpAddress PrivateIpAddresses{Primary PrivateIpAddress} " +
    `SecondaryPrivateIpAddressCount ClientToken ${tags("network-interface")}`,
  "ec2:DeleteNetworkInterface": "NetworkInterfaceId",
  "ec2:AttachNetworkInterface": "NetworkInterfaceId InstanceId DeviceIndex NetworkCardIndex=0",
  "ec2:DetachNetworkInterface": "AttachmentId Force",
  "ec2:DescribeNetworkInterfaces": `NetworkInterfaceIds ${FOUND}`,
  "ec2:DescribeNetworkInterfaceAttribute":
    "NetworkInterfaceId Attribute=description|groupSet|sourceDestCheck|attachment",
  "ec2:ModifyNetworkInterfaceAttribute":
    "NetworkInterfaceId Description{Value} SourceDestCheck{Value} Groups Attachment{AttachmentId DeleteOnTermination}",
  "ec2:AssignPrivateIpAddresses":
    "NetworkInterfaceId PrivateIpAddresses SecondaryPrivateIpAddressCount AllowReassignment",
  "ec2:UnassignPrivateIpAddresses": "NetworkInterfaceId PrivateIpAddresses",

  "ec2:AllocateAddress": `Domain=vpc ${tags("elastic-ip")}`,
  "ec2:ReleaseAddress": "AllocationId",
  "ec2:AssociateAddress": "AllocationId InstanceId NetworkInterfaceId PrivateIpAddress AllowReassociation",
  "ec2:DisassociateAddress": "AssociationId",
  "ec2:DescribeAddresses": "AllocationIds PublicIps Filters{Name Values}",

  "ec2:AttachVolume": "Device InstanceId VolumeId",
  "ec2:DescribeVolumes": `VolumeIds ${FOUND}`,
  "ec2:DescribeVolumesModifications": `VolumeIds ${FOUND}`,
  "ec2:ModifyVolume": "VolumeId Size VolumeType Iops Throughput",

  "ec2:CreateTags": "Resources Tags{Key Value}",
  "ec2:DeleteTags": "Resources Tags{Key Value}",
  "ec2:DescribeTags": FOUND,
};
