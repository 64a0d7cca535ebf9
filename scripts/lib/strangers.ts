/**
 * What is in the lab's VPC and zone and is not the stack's: somebody has made it by hand. AWS refuses to remove what it is
 * in, only after minutes and one by one; and what is attached to it would be torn off. So it is looked for before a stack
 * is destroyed.
 */
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  type NetworkInterface,
} from "@aws-sdk/client-ec2";
import { ListResourceRecordSetsCommand, type Route53Client } from "@aws-sdk/client-route-53";
import { labClients } from "./lab-clients";
import type { RunningLab } from "./running-lab";
import type { StateResource } from "../failover/state";
import { deploymentOf } from "./state";

export interface Stranger {
  /** What it is, e.g. `route table rtb-…`. */
  readonly what: string;
  /** What cannot be removed because of it, and what removes it. */
  readonly remedy: string;
}

/** What the stack knows, by type and by id. */
interface Known {
  readonly ids: ReadonlySet<string>;
  readonly of: (type: string) => string[];
}

function knownBy(resources: readonly StateResource[]): Known {
  const of = (type: string): string[] =>
    resources.flatMap((resource) =>
      resource.type === type && resource.id !== undefined ? [resource.id] : [],
    );
  return { ids: new Set(resources.flatMap(({ id }) => id ?? [])), of };
}

export async function strangers(running: RunningLab): Promise<Stranger[]> {
  const resources = deploymentOf(running.lab)?.resources ?? [];
  const known = knownBy(resources);
  const { ec2, route53 } = labClients(running);
  const services = resources.flatMap(({ type, id = "" }) =>
    type.endsWith("failover:ServiceName") ? [id] : [],
  );
  const found = await Promise.all([
    ...known.of("aws:ec2/vpc:Vpc").map((vpc) => inVpc(ec2, vpc, known)),
    ...known.of("aws:route53/zone:Zone").map((zone) => inZone(route53, zone, services)),
  ]);
  return found.flat();
}

async function inVpc(ec2: EC2Client, vpc: string, { ids, of }: Known): Promise<Stranger[]> {
  const input = { Filters: [{ Name: "vpc-id", Values: [vpc] }] };
  const [tables, subnets, groups, interfaces, instances] = await Promise.all([
    ec2.send(new DescribeRouteTablesCommand(input)),
    ec2.send(new DescribeSubnetsCommand(input)),
    ec2.send(new DescribeSecurityGroupsCommand(input)),
    ec2.send(new DescribeNetworkInterfacesCommand(input)),
    ec2.send(new DescribeInstancesCommand(input)),
  ]);
  const found: Stranger[] = [];
  const blocks = (kind: string, id: string | undefined, command: string): void => {
    if (id === undefined || ids.has(id)) return;
    const remedy = `the VPC cannot be removed before it: aws ec2 ${command} ${id}`;
    found.push({ what: `${kind} ${id}`, remedy });
  };
  // In an order in which they can be removed.
  for (const one of interfaces.NetworkInterfaces ?? []) {
    const { NetworkInterfaceId: id = "", Attachment } = one;
    const holder = Attachment?.InstanceId;
    if (of("aws:ec2/networkInterface:NetworkInterface").includes(id)) {
      if (holder === undefined || ids.has(holder)) continue;
      found.push({
        what: `the floating interface ${id} on the instance ${holder}`,
        remedy: `it would be torn off: aws ec2 detach-network-interface --attachment-id ${Attachment?.AttachmentId ?? ""}`,
      });
      // One with an instance goes with it; one of a service, e.g. an endpoint's, with that.
    } else if (Attachment === undefined && !isOfAService(one))
      blocks("network interface", id, "delete-network-interface --network-interface-id");
  }
  const alive = (instances.Reservations ?? [])
    .flatMap(({ Instances = [] }) => Instances)
    .filter(({ State }) => State?.Name !== "terminated");
  for (const { InstanceId } of alive) blocks("instance", InstanceId, "terminate-instances --instance-ids");
  for (const { RouteTableId, Associations = [] } of tables.RouteTables ?? [])
    if (!Associations.some(({ Main }) => Main === true))
      blocks("route table", RouteTableId, "delete-route-table --route-table-id");
  for (const { SubnetId } of subnets.Subnets ?? []) blocks("subnet", SubnetId, "delete-subnet --subnet-id");
  for (const { GroupId, GroupName } of groups.SecurityGroups ?? [])
    if (GroupName !== "default") blocks("security group", GroupId, "delete-security-group --group-id");
  return found;
}

/** Interfaces of endpoints and gateways come and go with these; nobody else can delete them. */
function isOfAService({ InterfaceType, RequesterManaged, Description = "" }: NetworkInterface): boolean {
  return (
    InterfaceType !== "interface" ||
    RequesterManaged === true ||
    Description.startsWith("Route 53 Resolver: ")
  );
}

/** @param services ids of the stack's service names, which hold the zone and the record's name */
async function inZone(
  route53: Route53Client,
  zone: string,
  services: readonly string[],
): Promise<Stranger[]> {
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
  );
  return ResourceRecordSets.flatMap((record) => {
    const name = (record.Name ?? "").replace(/\.$/, "");
    const isOwn = services.some((id) => id.includes(zone) && id.endsWith(`/${name}`));
    if (["SOA", "NS"].includes(record.Type ?? "") || (isOwn && record.Type === "A")) return [];
    const change = JSON.stringify({ Changes: [{ Action: "DELETE", ResourceRecordSet: record }] });
    return [
      {
        what: `record ${record.Type ?? ""} ${name}`,
        remedy: `the hosted zone cannot be removed before it: aws route53 change-resource-record-sets --hosted-zone-id ${zone} --change-batch '${change}'`,
      },
    ];
  });
}
