import { DescribeRouteTablesCommand, ReplaceRouteCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { node, overlay, overlayNode, overlayRoutes } from "./_aws";
import { TestLab } from "./_lab";

const lab = new TestLab();
test.before(async () => {
  await lab.succeed("lab");
});
test.after.always(async () => {
  await lab.remove();
});

/** What a node's cluster manager does when it takes over by itself. */
async function takeOver(name: string): Promise<void> {
  const { NetworkInterfaces = [] } = await node(lab.ec2, name);
  const NetworkInterfaceId = NetworkInterfaces[0]?.NetworkInterfaceId;
  const { RouteTables = [] } = await lab.ec2.send(new DescribeRouteTablesCommand({}));
  const ours = Object.keys(await overlayRoutes(lab.ec2));
  for (const { RouteTableId } of RouteTables.filter((table) => ours.includes(table.RouteTableId ?? ""))) {
    await lab.ec2.send(
      new ReplaceRouteCommand({ RouteTableId, DestinationCidrBlock: overlay, NetworkInterfaceId }),
    );
  }
}

test.serial(
  "with the active node unset, a foreign takeover is shown by refresh and never moved back",
  async (t) => {
    await takeOver("node2");
    const shown = await lab.succeed("pulumi", "refresh", "--preview-only", "--diff");
    t.regex(shown.stdout, /activeNode[^\n]*"node1" => "node2"/);
    const refreshed = await lab.succeed("pulumi", "refresh", "--yes", "--skip-preview");
    t.regex(refreshed.stdout, /1 updated/);
    const { stdout } = await lab.succeed("lab");
    t.notRegex(stdout, /\d+ (created|updated|replaced|deleted)/);
    t.is(await overlayNode(lab.ec2), "node2");
  },
);

test.serial(
  "with the active node set, the next preview shows the move back, and the next update does it",
  async (t) => {
    await lab.succeed("failover", "overlay", "node2");
    await takeOver("node1");
    const preview = await lab.succeed("pulumi", "preview");
    t.regex(preview.stdout, /OverlayIp overlay update/);
    t.regex(preview.stdout, /1 to update/);
    await lab.succeed("lab");
    t.is(await overlayNode(lab.ec2), "node2");
  },
);
