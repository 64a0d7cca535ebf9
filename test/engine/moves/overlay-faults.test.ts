import { DescribeRouteTablesCommand, ModifyInstanceAttributeCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { overlayIp, type OverlayIpService } from "../../../components/failover/mechanisms/overlay-ip/moves";
import { launchNode, makeSite, withCloud } from "../api/_cloud";
import { proveAllOrNothing } from "./_faults";

const cloud = withCloud(test);

test.serial(
  "whatever fails in whichever call, the overlay IP's routes are all moved or all as before",
  async (t) => {
    const client = cloud().ec2();
    const { vpcId, subnets } = await makeSite(client);
    const nodes = [await launchNode(cloud(), subnets[0]), await launchNode(cloud(), subnets[1])] as const;
    for (const { id } of nodes)
      await client.send(
        new ModifyInstanceAttributeCommand({ InstanceId: id, SourceDestCheck: { Value: false } }),
      );
    const [node1, node2] = nodes;
    const service: OverlayIpService = {
      destination: "192.168.10.1/32",
      vpcId,
      region: "us-east-1",
      candidates: {
        node1: { instanceId: node1.id, networkInterfaceId: node1.eni },
        node2: { instanceId: node2.id, networkInterfaceId: node2.eni },
      },
    };
    const holder = async (): Promise<string> => {
      const { RouteTables } = await client.send(
        new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
      );
      const targets = (RouteTables ?? []).map(
        ({ Routes }) =>
          Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "192.168.10.1/32")
            ?.NetworkInterfaceId,
      );
      // The main table, and those of two subnets.
      t.is(targets.length, 3);
      const names = targets.map((target) =>
        target === node1.eni ? "node1" : target === node2.eni ? "node2" : "none",
      );
      return [...new Set(names)].join(" and ");
    };
    const tellApart = ["RouteTableId"];
    await proveAllOrNothing(t, cloud(), {
      mechanism: overlayIp,
      service,
      from: "node1",
      to: "node2",
      tellApart,
      holder,
    });
  },
);
