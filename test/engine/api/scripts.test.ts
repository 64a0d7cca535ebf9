/** Programs that nobody here wrote for this cloud: boto3 and the AWS CLI, as they are. */
import test from "ava";
import { withCloud } from "./_cloud";

const theCloud = withCloud(test);

const BOTO3 = `
import boto3, botocore

ec2 = boto3.client("ec2")
ssm = boto3.client("ssm")
dns = boto3.client("route53")
image = ssm.get_parameter(Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")["Parameter"]["Value"]

vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
ec2.get_waiter("vpc_available").wait(VpcIds=[vpc])
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
assert ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"]
subnet = boto3.resource("ec2").Vpc(vpc).create_subnet(CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1a")
group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=vpc)["GroupId"]
ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.1.2.3/8"}]}
rule = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh])["SecurityGroupRules"][0]
assert rule["CidrIpv4"] == "10.0.0.0/8", rule

launch = dict(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnet.id, SecurityGroupIds=[group])
one, two = [ec2.run_instances(**launch)["Instances"][0]["InstanceId"] for _ in range(2)]
ec2.get_waiter("instance_running").wait(InstanceIds=[one, two])
ec2.get_waiter("instance_status_ok").wait(InstanceIds=[one, two])
for instance in (one, two):
    ec2.modify_instance_attribute(InstanceId=instance, SourceDestCheck={"Value": False})

table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
ec2.associate_route_table(RouteTableId=table, SubnetId=subnet.id)
route = dict(RouteTableId=table, DestinationCidrBlock="192.168.10.1/32")
ec2.create_route(InstanceId=one, **route)
try:
    ec2.replace_route(InstanceId=two, DryRun=True, **route)
except botocore.exceptions.ClientError as error:
    assert error.response["Error"]["Code"] == "DryRunOperation", error
ec2.replace_route(InstanceId=two, **route)
tables = ec2.describe_route_tables(Filters=[{"Name": "route.instance-id", "Values": [two]}])["RouteTables"]
assert [each["RouteTableId"] for each in tables] == [table]

eni = ec2.create_network_interface(SubnetId=subnet.id, PrivateIpAddress="10.0.1.50")["NetworkInterface"]["NetworkInterfaceId"]
ec2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=[eni])
for instance in (one, two):
    attachment = ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=instance, DeviceIndex=1)["AttachmentId"]
    ec2.detach_network_interface(AttachmentId=attachment)
    ec2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=[eni])
ec2.delete_network_interface(NetworkInterfaceId=eni)

zone = dns.create_hosted_zone(Name="awslab.mycompany.corp", CallerReference="boto3", VPC={"VPCRegion": "us-east-1", "VPCId": vpc})["HostedZone"]["Id"]
record = {"Name": "myservice.awslab.mycompany.corp", "Type": "A", "TTL": 10, "ResourceRecords": [{"Value": "10.0.1.10"}]}
change = lambda action: dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]})
dns.get_waiter("resource_record_sets_changed").wait(Id=change("UPSERT")["ChangeInfo"]["Id"], WaiterConfig={"Delay": 1})
names = [each["Name"] for page in dns.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone) for each in page["ResourceRecordSets"]]
assert "myservice.awslab.mycompany.corp." in names, names
change("DELETE")
dns.delete_hosted_zone(Id=zone)

ec2.terminate_instances(InstanceIds=[one, two])
ec2.get_waiter("instance_terminated").wait(InstanceIds=[one, two])
for association in ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Associations"]:
    ec2.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])
ec2.delete_route_table(RouteTableId=table)
ec2.delete_security_group(GroupId=group)
subnet.delete()
ec2.delete_vpc(VpcId=vpc)
print("walked through")
`;

const CLI = `
set -euo pipefail
export AWS_DEFAULT_OUTPUT=text
vpc=$(aws ec2 create-vpc --cidr-block 10.0.0.0/16 --tag-specifications 'ResourceType=vpc,Tags=[{Key=Name,Value=walk}]' --query Vpc.VpcId)
aws ec2 wait vpc-available --vpc-ids "$vpc"
test "$(aws ec2 describe-vpcs --filters Name=tag:Name,Values='w?lk' --query 'Vpcs[].VpcId')" = "$vpc"
subnet=$(aws ec2 create-subnet --vpc-id "$vpc" --cidr-block 10.0.1.0/24 --availability-zone us-east-1a --query Subnet.SubnetId)
table=$(aws ec2 create-route-table --vpc-id "$vpc" --query RouteTable.RouteTableId)
association=$(aws ec2 associate-route-table --route-table-id "$table" --subnet-id "$subnet" --query AssociationId)
gateway=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId)
aws ec2 attach-internet-gateway --internet-gateway-id "$gateway" --vpc-id "$vpc"
aws ec2 create-route --route-table-id "$table" --destination-cidr-block 0.0.0.0/0 --gateway-id "$gateway"
address=$(aws ec2 allocate-address --query AllocationId)
nat=$(aws ec2 create-nat-gateway --subnet-id "$subnet" --allocation-id "$address" --query NatGateway.NatGatewayId)
aws ec2 wait nat-gateway-available --nat-gateway-ids "$nat"

image=$(aws ssm get-parameter --name /aws/service/suse/sles/15-sp6/x86_64/latest --query Parameter.Value)
instance=$(aws ec2 run-instances --image-id "$image" --instance-type t3.micro --subnet-id "$subnet" --private-ip-address 10.0.1.10 --query 'Instances[0].InstanceId')
aws ec2 wait instance-running --instance-ids "$instance"
aws ec2 modify-instance-attribute --instance-id "$instance" --no-source-dest-check
test "$(aws ec2 describe-instances --instance-ids "$instance" --query 'Reservations[].Instances[].SourceDestCheck')" = False
eni=$(aws ec2 describe-network-interfaces --filters Name=attachment.instance-id,Values="$instance" --query 'NetworkInterfaces[].NetworkInterfaceId')
aws ec2 create-route --route-table-id "$table" --destination-cidr-block 192.168.10.1/32 --network-interface-id "$eni"
test "$(aws ec2 describe-route-tables --route-table-ids "$table" --query "RouteTables[].Routes[?DestinationCidrBlock=='192.168.10.1/32'].InstanceId")" = "$instance"
aws ec2 stop-instances --instance-ids "$instance" >/dev/null
aws ec2 wait instance-stopped --instance-ids "$instance"
test "$(aws ec2 describe-route-tables --route-table-ids "$table" --query "RouteTables[].Routes[?DestinationCidrBlock=='192.168.10.1/32'].State")" = blackhole
if aws ec2 replace-route --route-table-id "$table" --destination-cidr-block 192.168.10.1/32 2>refused; then exit 1; fi
grep -q MissingParameter refused && rm refused

aws ec2 terminate-instances --instance-ids "$instance" >/dev/null
aws ec2 wait instance-terminated --instance-ids "$instance"
aws ec2 delete-nat-gateway --nat-gateway-id "$nat" >/dev/null
aws ec2 wait nat-gateway-deleted --nat-gateway-ids "$nat"
aws ec2 release-address --allocation-id "$address"
aws ec2 detach-internet-gateway --internet-gateway-id "$gateway" --vpc-id "$vpc"
aws ec2 delete-internet-gateway --internet-gateway-id "$gateway"
aws ec2 disassociate-route-table --association-id "$association"
aws ec2 delete-route-table --route-table-id "$table"
aws ec2 delete-subnet --subnet-id "$subnet"
aws ec2 delete-vpc --vpc-id "$vpc"
echo walked through
`;

test.serial(
  "a boto3 script walks through VPC, routes, interfaces and zones, and removes all of it",
  async (t) => {
    const cloud = theCloud();
    t.is(await cloud.script(cloud.python.python, BOTO3), "walked through\n");
  },
);

test.serial(
  "an AWS CLI script walks through VPC, gateways, instances and routes, and removes all of it",
  async (t) => {
    t.regex(await theCloud().script("bash", CLI), /walked through\n$/);
  },
);
