import { type ArnScope } from "../../../components/iam/policy.plan";
import { type Call, change } from "./simulate";

/** Ids of what the lab owns, and of their neighbours that no node may touch. */
export const IDS = {
  tables: ["rtb-00000000000000001", "rtb-00000000000000002"],
  otherTable: "rtb-00000000000000009",
  eni: "eni-00000000000000001",
  otherEni: "eni-00000000000000009",
  nodes: ["i-00000000000000001", "i-00000000000000002"],
  otherNode: "i-00000000000000009",
  zone: "Z0000000000001",
  otherZone: "Z0000000000009",
  record: "myservice.awslab.mycompany.corp",
};

/** ARNs of the lab in a scope, to build calls from. */
export function arns(scope: ArnScope) {
  const { partition: p, region, accountId } = scope;
  const ec2 = (type: string, id: string) => `arn:${p}:ec2:${region}:${accountId}:${type}/${id}`;
  return {
    table: (id: string) => ec2("route-table", id),
    eni: (id: string) => ec2("network-interface", id),
    instance: (id: string) => ec2("instance", id),
    ec2,
    zone: (id: string) => `arn:${p}:route53:::hostedzone/${id}`,
    change: (id: string) => `arn:${p}:route53:::change/${id}`,
    iam: (what: string) => `arn:${p}:iam::${accountId}:${what}`,
  };
}

/** Calls that no mechanism needs: whoever takes a node over would like to make them. */
export function temptingForAll(scope: ArnScope): Call[] {
  const a = arns(scope);
  const { partition: p, region, accountId } = scope;
  const [table = "", node = ""] = [IDS.tables[0], IDS.nodes[0]];
  return [
    // The route: elsewhere, or gone.
    { action: "ec2:ReplaceRoute", resources: [a.table(IDS.otherTable)] },
    { action: "ec2:CreateRoute", resources: [a.table(IDS.otherTable)] },
    { action: "ec2:DeleteRoute", resources: [a.table(IDS.otherTable)] },
    { action: "ec2:DeleteRouteTable", resources: [a.table(table)] },
    {
      action: "ec2:DisassociateRouteTable",
      resources: [a.table(table), a.ec2("subnet", "subnet-00000000000000001")],
    },
    { action: "ec2:CreateRouteTable", resources: [a.ec2("vpc", "vpc-00000000000000001"), a.table("*")] },
    { action: "ec2:ReplaceRoute", resources: [a.table(table).replace(accountId, "999999999999")] },
    { action: "ec2:ReplaceRoute", resources: [a.table(table).replace(region, "eu-west-1")] },
    // Interfaces and instances: others', or more than a move.
    { action: "ec2:AttachNetworkInterface", resources: [a.eni(IDS.otherEni), a.instance(node)] },
    { action: "ec2:AttachNetworkInterface", resources: [a.eni(IDS.eni), a.instance(IDS.otherNode)] },
    { action: "ec2:DetachNetworkInterface", resources: [a.eni(IDS.otherEni), a.instance(node)] },
    { action: "ec2:DetachNetworkInterface", resources: [a.eni(IDS.eni), a.instance(IDS.otherNode)] },
    { action: "ec2:DeleteNetworkInterface", resources: [a.eni(IDS.eni)] },
    { action: "ec2:ModifyNetworkInterfaceAttribute", resources: [a.eni(IDS.eni)] },
    { action: "ec2:AssignPrivateIpAddresses", resources: [a.eni(IDS.eni)] },
    { action: "ec2:ModifyInstanceAttribute", resources: [a.instance(node)] },
    { action: "ec2:TerminateInstances", resources: [a.instance(node)] },
    { action: "ec2:StopInstances", resources: [a.instance(IDS.nodes[1] ?? "")] },
    { action: "ec2:RebootInstances", resources: [a.instance(IDS.nodes[1] ?? "")] },
    { action: "ec2:AssociateIamInstanceProfile", resources: [a.instance(node)] },
    {
      action: "ec2:AuthorizeSecurityGroupIngress",
      resources: [a.ec2("security-group", "sg-00000000000000001")],
    },
    { action: "ec2:ModifyVpcAttribute", resources: [a.ec2("vpc", "vpc-00000000000000001")] },
    { action: "ec2:CreateSnapshot", resources: [a.ec2("volume", "vol-00000000000000001")] },
    { action: "ec2:CreateTags", resources: [a.instance(node)] },
    // Names: other zones, other records, other types, other actions, or the zone itself.
    upsert(a.zone(IDS.otherZone), "UPSERT", IDS.record, "A"),
    upsert(a.zone(IDS.zone), "UPSERT", "other.awslab.mycompany.corp", "A"),
    upsert(a.zone(IDS.zone), "UPSERT", "awslab.mycompany.corp", "A"),
    upsert(a.zone(IDS.zone), "UPSERT", "\\052.awslab.mycompany.corp", "A"),
    upsert(a.zone(IDS.zone), "UPSERT", IDS.record, "CNAME"),
    upsert(a.zone(IDS.zone), "UPSERT", IDS.record, "AAAA"),
    upsert(a.zone(IDS.zone), "CREATE", IDS.record, "A"),
    upsert(a.zone(IDS.zone), "DELETE", IDS.record, "A"),
    { action: "route53:ChangeResourceRecordSets", resources: [a.zone(IDS.zone)] },
    { action: "route53:ListResourceRecordSets", resources: [a.zone(IDS.otherZone)] },
    { action: "route53:GetHostedZone", resources: [a.zone(IDS.otherZone)] },
    { action: "route53:DeleteHostedZone", resources: [a.zone(IDS.zone)] },
    { action: "route53:AssociateVPCWithHostedZone", resources: [a.zone(IDS.zone)] },
    { action: "route53:ListHostedZones", resources: ["*"] },
    // The way up and out.
    { action: "iam:CreateUser", resources: [a.iam("user/eve")] },
    { action: "iam:PutRolePolicy", resources: [a.iam("role/node")] },
    { action: "iam:PassRole", resources: [a.iam("role/admin")] },
    { action: "iam:CreateAccessKey", resources: [a.iam("user/eve")] },
    { action: "sts:AssumeRole", resources: [a.iam("role/admin")] },
    { action: "ssm:SendCommand", resources: [a.instance(node)] },
    { action: "s3:GetObject", resources: [`arn:${p}:s3:::secrets/key`] },
    {
      action: "secretsmanager:GetSecretValue",
      resources: [`arn:${p}:secretsmanager:${region}:${accountId}:secret:x`],
    },
  ];
}

function upsert(zone: string, action: string, name: string, type: string): Call {
  return {
    action: "route53:ChangeResourceRecordSets",
    resources: [zone],
    context: change(action, name, type),
  };
}
