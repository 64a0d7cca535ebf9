import { type Declarations, each } from "./declaration";

const VPC = "VPC{VPCId VPCRegion}";

/** Route 53, Route 53 Resolver, and the parameters of SSM. */
export const nameParameters: Declarations = {
  "route53:CreateHostedZone": `Name CallerReference HostedZoneConfig{Comment PrivateZone} ${VPC}`,
  ...each("route53", ["DeleteHostedZone", "GetHostedZone", "GetChange"], "Id"),
  "route53:GetHostedZoneCount": "",
  "route53:UpdateHostedZoneComment": "Id Comment",
  "route53:ListHostedZones": "Marker MaxItems",
  "route53:ListHostedZonesByName": "DNSName HostedZoneId MaxItems",
  "route53:ListHostedZonesByVPC": "VPCId VPCRegion MaxItems NextToken",
  "route53:AssociateVPCWithHostedZone": `HostedZoneId ${VPC} Comment`,
  "route53:DisassociateVPCFromHostedZone": `HostedZoneId ${VPC} Comment`,
  "route53:ChangeResourceRecordSets":
    "HostedZoneId ChangeBatch{Comment Changes{Action ResourceRecordSet{Name " +
    "Type=A|AAAA|CAA|CNAME|MX|NS|PTR|SOA|SPF|SRV|TXT TTL ResourceRecords{Value}}}}",
  "route53:ListResourceRecordSets": "HostedZoneId StartRecordName StartRecordType MaxItems",
  "route53:ChangeTagsForResource": "ResourceType=hostedzone ResourceId AddTags{Key Value} RemoveTagKeys",
  "route53:ListTagsForResource": "ResourceType=hostedzone ResourceId",
  "route53:ListTagsForResources": "ResourceType=hostedzone ResourceIds",

  "route53resolver:CreateResolverEndpoint":
    "CreatorRequestId Name SecurityGroupIds Direction IpAddresses{SubnetId Ip} Tags{Key Value}",
  ...each("route53resolver", ["DeleteResolverEndpoint", "GetResolverEndpoint"], "ResolverEndpointId"),
  "route53resolver:UpdateResolverEndpoint": "ResolverEndpointId Name",
  "route53resolver:AssociateResolverEndpointIpAddress": "ResolverEndpointId IpAddress{SubnetId Ip}",
  "route53resolver:DisassociateResolverEndpointIpAddress": "ResolverEndpointId IpAddress{IpId SubnetId Ip}",
  "route53resolver:ListResolverEndpoints": "Filters{Name Values} MaxResults NextToken",
  "route53resolver:ListResolverEndpointIpAddresses": "ResolverEndpointId MaxResults NextToken",
  "route53resolver:ListTagsForResource": "ResourceArn MaxResults NextToken",
  "route53resolver:TagResource": "ResourceArn Tags{Key Value}",
  "route53resolver:UntagResource": "ResourceArn TagKeys",

  "ssm:PutParameter":
    "Name Description Value Type KeyId Overwrite AllowedPattern Tags{Key Value} Tier DataType",
  "ssm:DeleteParameter": "Name",
  "ssm:GetParameter": "Name WithDecryption",
  "ssm:GetParameters": "Names WithDecryption",
  "ssm:GetParametersByPath": "Path Recursive WithDecryption MaxResults NextToken",
  "ssm:DescribeParameters": "ParameterFilters{Key Option Values} MaxResults NextToken",
  "ssm:ListTagsForResource": "ResourceType=Parameter ResourceId",
  "ssm:AddTagsToResource": "ResourceType=Parameter ResourceId Tags{Key Value}",
  "ssm:RemoveTagsFromResource": "ResourceType=Parameter ResourceId TagKeys",
};
