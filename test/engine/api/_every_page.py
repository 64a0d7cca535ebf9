"""Makes more than two pages of everything, and pages through it with boto3's paginators. Prints one JSON object: the
actions that were paged through, and what was found otherwise than expected."""
import json
import sys

import boto3

DECLARED = json.load(open(sys.argv[1]))
COUNT = 12  # EC2's least page has 5 items
ec2, iam, ssm = boto3.client("ec2"), boto3.client("iam"), boto3.client("ssm")
dns, resolver = boto3.client("route53"), boto3.client("route53resolver")
trust = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]})
TAGS = [{"Key": f"key{n}", "Value": "x"} for n in range(4)]

# Network
vpcs = [ec2.create_vpc(CidrBlock=f"10.{100 + n}.0.0/16")["Vpc"]["VpcId"] for n in range(COUNT)]
subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{100 + n}.1.0/24")["Subnet"]["SubnetId"] for n, vpc in enumerate(vpcs)]
other = ec2.create_subnet(VpcId=vpcs[0], CidrBlock="10.100.2.0/24")["Subnet"]["SubnetId"]
for vpc, subnet in zip(vpcs, subnets):
    ec2.create_internet_gateway()
    ec2.create_dhcp_options(DhcpConfigurations=[{"Key": "domain-name", "Values": ["example.com"]}])
    ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3")
    dns.create_hosted_zone(Name=f"zone{vpc[-6:]}.example", CallerReference=vpc, VPC={"VPCRegion": "us-east-1", "VPCId": vpcs[0]})
gateways = [ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _ in range(COUNT)]
for vpc, subnet in zip(vpcs, subnets):
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateways[0], VpcId=vpc, SubnetIds=[subnet])
table = ec2.describe_transit_gateway_route_tables(Filters=[{"Name": "transit-gateway-id", "Values": [gateways[0]]}])
table = table["TransitGatewayRouteTables"][0]["TransitGatewayRouteTableId"]
for n in range(COUNT):
    ec2.create_transit_gateway_route(TransitGatewayRouteTableId=table, DestinationCidrBlock=f"10.{n}.0.0/16", Blackhole=True)

# Identities
for n in range(4):
    name = f"paged{n}"
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.create_instance_profile(InstanceProfileName=name)
    iam.create_policy(PolicyName=name, PolicyDocument=policy)
arns = [f"arn:aws:iam::123456789012:policy/paged{n}" for n in range(4)]
for n in range(4):
    iam.put_role_policy(RoleName="paged0", PolicyName=f"p{n}", PolicyDocument=policy)
    iam.put_user_policy(UserName="paged0", PolicyName=f"p{n}", PolicyDocument=policy)
    iam.attach_role_policy(RoleName="paged0", PolicyArn=arns[n])
    iam.attach_user_policy(UserName="paged0", PolicyArn=arns[n])
    iam.attach_group_policy(GroupName="paged0", PolicyArn=arns[n])
    iam.attach_role_policy(RoleName=f"paged{n}", PolicyArn=arns[0])
    iam.add_user_to_group(GroupName="paged0", UserName=f"paged{n}")
    if n > 0:
        iam.add_user_to_group(GroupName=f"paged{n}", UserName="paged0")
    iam.add_role_to_instance_profile(InstanceProfileName=f"paged{n}", RoleName="paged0")
    if n < 2:
        iam.create_access_key(UserName="paged0")
    if n > 0:
        iam.create_policy_version(PolicyArn=arns[0], PolicyDocument=policy)
iam.tag_role(RoleName="paged0", Tags=TAGS)
iam.tag_policy(PolicyArn=arns[0], Tags=TAGS)

# Instances
image = ssm.get_parameter(Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")["Parameter"]["Value"]
launch = dict(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnets[0])
instances = [ec2.run_instances(**launch)["Instances"][0]["InstanceId"] for _ in range(COUNT)]
for instance in instances:
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": "paged0"})
ec2.create_tags(Resources=instances, Tags=TAGS)
for volume in ec2.describe_volumes()["Volumes"]:
    ec2.modify_volume(VolumeId=volume["VolumeId"], Size=volume["Size"] + 1)

# Parameters and Resolver
for n in range(4):
    ssm.put_parameter(Name=f"/paged/p{n}", Value="x", Type="String")
group = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpcs[0]]}])["SecurityGroups"][0]["GroupId"]
endpoints = []
for n in range(4):
    made = resolver.create_resolver_endpoint(
        CreatorRequestId=f"paged{n}", Name=f"paged{n}", Direction="INBOUND", SecurityGroupIds=[group],
        IpAddresses=[{"SubnetId": subnets[0]}, {"SubnetId": other}, {"SubnetId": subnets[0]}], Tags=TAGS)
    endpoints.append(made["ResolverEndpoint"])

# What the actions need to be asked for.
zone = dns.list_hosted_zones()["HostedZones"][0]["Id"]
ARGUMENTS = {
    "GetTransitGatewayRouteTableAssociations": {"TransitGatewayRouteTableId": table},
    "GetTransitGatewayRouteTablePropagations": {"TransitGatewayRouteTableId": table},
    "SearchTransitGatewayRoutes": {"TransitGatewayRouteTableId": table, "Filters": [{"Name": "type", "Values": ["static"]}]},
    "DescribeImages": {"Owners": ["amazon"]},
    "GetGroup": {"GroupName": "paged0"},
    "ListAttachedGroupPolicies": {"GroupName": "paged0"},
    "ListEntitiesForPolicy": {"PolicyArn": arns[0]},
    "ListPolicies": {"Scope": "Local"},
    "ListPolicyTags": {"PolicyArn": arns[0]},
    "ListPolicyVersions": {"PolicyArn": arns[0]},
    "ListResourceRecordSets": {"HostedZoneId": zone},
    "GetParametersByPath": {"Path": "/paged"},
    "ListResolverEndpointIpAddresses": {"ResolverEndpointId": endpoints[0]["Id"]},
    "iam:ListAccessKeys": {"UserName": "paged0"},
    "route53resolver:ListTagsForResource": {"ResourceArn": endpoints[0]["Arn"]},
    "ListHostedZonesByVPC": {"VPCId": vpcs[0], "VPCRegion": "us-east-1"},
}
for name in ("ListAttachedRolePolicies", "ListInstanceProfilesForRole", "ListRolePolicies", "ListRoleTags"):
    ARGUMENTS[name] = {"RoleName": "paged0"}
for name in ("ListAttachedUserPolicies", "ListGroupsForUser", "ListUserPolicies"):
    ARGUMENTS[name] = {"UserName": "paged0"}
changes = [{"Action": "UPSERT", "ResourceRecordSet": {
    "Name": f"r{n}.{dns.get_hosted_zone(Id=zone)['HostedZone']['Name']}", "Type": "A", "TTL": 10,
    "ResourceRecords": [{"Value": "10.0.0.1"}]}} for n in range(4)]
dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

paged, wrong = [], []
# Lists that come in pages although boto3 has no paginator for them: limit, tokens asked and answered, list.
OWN = {
    "route53:ListHostedZonesByName": ("MaxItems", {"DNSName": "NextDNSName", "HostedZoneId": "NextHostedZoneId"}, "HostedZones"),
    "route53:ListHostedZonesByVPC": ("MaxItems", {"NextToken": "NextToken"}, "HostedZoneSummaries"),
    "ec2:SearchTransitGatewayRoutes": ("MaxResults", {"NextToken": "NextToken"}, "Routes"),
}


def items_of(page, keys):
    return [json.dumps(item, default=str, sort_keys=True) for key in keys for item in page.get(key) or []]


for action in DECLARED:
    service, operation = action.split(":")
    client = boto3.client(service)
    method = {value: key for key, value in client.meta.method_to_api_mapping.items()}[operation]
    arguments = ARGUMENTS.get(action) or ARGUMENTS.get(operation) or {}
    try:
        if action in OWN:
            limit, tokens, key = OWN[action]
            keys, pages, at = [key], [], {}
            while not pages or at:
                size = "3" if limit == "MaxItems" else 5
                page = getattr(client, method)(**arguments, **at, **{limit: size})
                pages.append(page)
                at = {asked: page[got] for asked, got in tokens.items() if page.get(got)}
            whole = items_of(getattr(client, method)(**arguments), keys)
        elif client.can_paginate(method):
            paginator = client.get_paginator(method)
            keys = [key.expression for key in paginator.result_keys]
            size = 5 if service == "ec2" else 1
            if operation == "DescribePrefixLists":
                size = 1
            if operation in ("DescribeImages", "DescribeInstanceTypes"):
                size = 100
            if operation == "DescribeParameters":
                arguments = {"ParameterFilters": [{"Key": "Name", "Option": "BeginsWith", "Values": ["/paged"]}]}
            pages = list(paginator.paginate(**arguments, PaginationConfig={"PageSize": size}))
            whole = items_of(getattr(client, method)(**arguments), keys)
            if any(len(items_of(page, keys)) > size for page in pages):
                wrong.append([action, f"a page has more than {size} items"])
        else:
            continue
    except Exception as error:
        wrong.append([action, repr(error)])
        continue
    paged.append(action)
    found = [item for page in pages for item in items_of(page, keys)]
    least = 2 if operation == "ListAccessKeys" else 3  # a user has two keys at most
    if len(pages) < least:
        wrong.append([action, f"{len(pages)} pages with {len(found)} items"])
    if sorted(found) != sorted(whole) or len(set(found)) != len(found):
        wrong.append([action, f"{len(found)} items in pages, {len(set(found))} different, {len(whole)} at once"])

print(json.dumps({"paged": paged, "wrong": wrong}))
