/** What an AWS client sees of a lab. */
import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  type EC2Client,
  type Instance,
} from "@aws-sdk/client-ec2";

export const overlay = "192.168.10.1/32";

/** Nodes by their Name tag, those that are not terminated. */
export async function nodes(ec2: EC2Client): Promise<Record<string, Instance>> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const instances = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  const live = instances.filter((instance) => instance.State?.Name !== "terminated");
  return Object.fromEntries(
    live.map((instance) => [instance.Tags?.find((tag) => tag.Key === "Name")?.Value ?? "", instance]),
  );
}

export async function node(ec2: EC2Client, name: string): Promise<Instance & { InstanceId: string }> {
  const instance = (await nodes(ec2))[name];
  if (instance?.InstanceId === undefined) throw new Error(`There is no instance named ${name}`);
  return { ...instance, InstanceId: instance.InstanceId };
}

/** Where each route table of the lab's VPC sends the overlay address: table id to node name, or `none`. */
export async function overlayRoutes(ec2: EC2Client): Promise<Record<string, string>> {
  const byId = Object.entries(await nodes(ec2)).map(([name, { InstanceId }]) => [InstanceId, name] as const);
  const names = new Map(byId);
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
  const vpcs = new Set(Object.values(await nodes(ec2)).map((instance) => instance.VpcId));
  return Object.fromEntries(
    RouteTables.filter((table) => vpcs.has(table.VpcId)).map((table) => {
      const route = table.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === overlay);
      return [
        table.RouteTableId ?? "",
        route === undefined ? "none" : (names.get(route.InstanceId) ?? route.State ?? "?"),
      ];
    }),
  );
}

/** The one node that all tables agree on; else what each says. */
export async function overlayNode(ec2: EC2Client): Promise<string> {
  const routes = await overlayRoutes(ec2);
  const targets = [...new Set(Object.values(routes))];
  return targets.length === 1 ? (targets[0] ?? "none") : JSON.stringify(routes);
}
