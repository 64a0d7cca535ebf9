/** Ids of resources that AWS has made and the state does not know, found by what they were to be. */
import { DescribeRouteTablesCommand, DescribeTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { crc32 } from "node:zlib";
import type { Lab } from "../../test/cloud/lab";
import type { PendingOperation, StateResource } from "../failover/state";
import { deploymentOf } from "./state";

/** Types of Pulumi by the types that EC2 names in its tags. */
const taggedTypes: Readonly<Record<string, string>> = {
  "aws:ec2/eip:Eip": "elastic-ip",
  "aws:ec2/instance:Instance": "instance",
  "aws:ec2/internetGateway:InternetGateway": "internet-gateway",
  "aws:ec2/natGateway:NatGateway": "natgateway",
  "aws:ec2/networkInterface:NetworkInterface": "network-interface",
  "aws:ec2/routeTable:RouteTable": "route-table",
  "aws:ec2/securityGroup:SecurityGroup": "security-group",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpc-endpoint",
};

const text = ({ inputs = {} }: StateResource, key: string): string => {
  const value = inputs[key];
  return typeof value === "string" ? value : "";
};

/** @returns ids by URN, of those that were found */
export async function idsOf(
  ec2: EC2Client,
  lab: Lab,
  pending: readonly PendingOperation[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const tagged = await taggedId(ec2, lab);
  for (const { resource } of pending) {
    const id =
      resource.type === "aws:ec2/route:Route"
        ? await routeId(ec2, resource)
        : resource.type === "aws:ec2/routeTableAssociation:RouteTableAssociation"
          ? await associationId(ec2, resource)
          : tagged(resource);
    if (id !== undefined) found.set(resource.urn, id);
  }
  return found;
}

/** By type and by the tags `Lab` and `Name`; what the state knows is another one. */
async function taggedId(ec2: EC2Client, lab: Lab): Promise<(resource: StateResource) => string | undefined> {
  const { Tags = [] } = await ec2.send(new DescribeTagsCommand({}));
  const known = new Set((deploymentOf(lab)?.resources ?? []).map(({ id }) => id));
  const isLabs = ({ Key, Value }: { Key?: string; Value?: string }): boolean =>
    Key === "Lab" && Value === lab.stack;
  const ours = new Set(Tags.filter(isLabs).map((tag) => tag.ResourceId));
  return ({ type, inputs = {} }) => {
    const { Name } = (inputs.tags ?? {}) as { Name?: string };
    return Tags.find(
      ({ Key, Value, ResourceId, ResourceType }) =>
        Key === "Name" &&
        Value === Name &&
        // moto writes nat-gateway where EC2 writes natgateway.
        ResourceType?.replace("nat-", "nat") === taggedTypes[type] &&
        ours.has(ResourceId) &&
        !known.has(ResourceId),
    )?.ResourceId;
  };
}

async function tables(ec2: EC2Client, id: string) {
  return (await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }))).RouteTables ?? [];
}

/** The provider makes a route's id of the table and the destination (`RouteCreateID`). */
async function routeId(ec2: EC2Client, resource: StateResource): Promise<string | undefined> {
  const [table, destination] = [text(resource, "routeTableId"), text(resource, "destinationCidrBlock")];
  const [found] = await tables(ec2, table);
  const isThere = found?.Routes?.some((route) => route.DestinationCidrBlock === destination);
  return isThere === true ? `r-${table}${crc32(destination)}` : undefined;
}

async function associationId(ec2: EC2Client, resource: StateResource): Promise<string | undefined> {
  const [found] = await tables(ec2, text(resource, "routeTableId"));
  const subnet = text(resource, "subnetId");
  return found?.Associations?.find(({ SubnetId }) => SubnetId === subnet)?.RouteTableAssociationId;
}
