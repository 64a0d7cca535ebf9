import { CreateNetworkInterfaceCommand, DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { setTimeout as sleep } from "node:timers/promises";
import {
  floatingEni,
  type FloatingEniService,
} from "../../../components/failover/mechanisms/floating-eni/moves";
import { AT_ONCE, launchNode, makeSite, withCloud } from "../api/_cloud";
import { proveAllOrNothing } from "./_faults";

const cloud = withCloud(test, { ...AT_ONCE, detachMs: 60, attachMs: 30 });

// At once, and so slowly that the move sees the attachment under way.
for (const attachMs of [30, 400])
  test.serial(
    `whatever fails in whichever call, the ENI is at the target or where it was (${attachMs} ms)`,
    async (t) => {
      await cloud().admin.changeSettings({ attachMs });
      const client = cloud().ec2();
      const { subnets } = await makeSite(client);
      const nodeA = await launchNode(cloud(), subnets[0]);
      const nodeB = await launchNode(cloud(), subnets[0]);
      const { NetworkInterface } = await client.send(
        new CreateNetworkInterfaceCommand({ SubnetId: subnets[0] }),
      );
      const eni = NetworkInterface?.NetworkInterfaceId ?? "";
      const service: FloatingEniService = {
        networkInterfaceId: eni,
        region: "us-east-1",
        candidates: { "node-a": { instanceId: nodeA.id }, "node-b": { instanceId: nodeB.id } },
      };
      const attachment = async () => {
        const { NetworkInterfaces } = await client.send(
          new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }),
        );
        return NetworkInterfaces?.[0]?.Attachment;
      };
      // A move that AWS has acknowledged and that could not be read back may still be on its way.
      const holder = async (): Promise<string> => {
        let found = await attachment();
        for (const end = Date.now() + 20_000; /ing$/.test(found?.Status ?? "") && Date.now() < end;) {
          await sleep(20);
          found = await attachment();
        }
        if (found?.Status !== "attached") return found?.Status ?? "available";
        const { InstanceId = "nobody" } = found;
        return { [nodeA.id]: "node-a", [nodeB.id]: "node-b" }[InstanceId] ?? InstanceId;
      };
      // A fault in the attachment to one node: nobody can put back what can't be attached anywhere.
      const tellApart = ["InstanceId"];
      const subject = { mechanism: floatingEni, service, from: "node-a", to: "node-b", tellApart, holder };
      await proveAllOrNothing(t, cloud(), subject);
    },
  );
