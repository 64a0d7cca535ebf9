import { CreateNetworkInterfaceCommand, DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import test from "ava";
import { floatingEni, type FloatingEniService } from "../../../components/failover/moves/floating-eni";
import { AT_ONCE, launchNode, makeSite, withCloud } from "../api/_cloud";
import { proveAllOrNothing } from "./_faults";

const cloud = withCloud(test, { ...AT_ONCE, detachMs: 60, attachMs: 30 });

test.serial(
  "whatever fails in whichever call, the floating ENI is at the target or where it was",
  async (t) => {
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
    const holder = async (): Promise<string> => {
      const { NetworkInterfaces } = await client.send(
        new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eni] }),
      );
      const { InstanceId, Status } = NetworkInterfaces?.[0]?.Attachment ?? {};
      if (Status !== "attached") return Status ?? "available";
      return InstanceId === nodeA.id
        ? "node-a"
        : InstanceId === nodeB.id
          ? "node-b"
          : `${InstanceId ?? "nobody"}`;
    };
    // A fault in the attachment to one node: nobody can put back what can't be attached anywhere.
    const tellApart = ["InstanceId"];
    const subject = { mechanism: floatingEni, service, from: "node-a", to: "node-b", tellApart, holder };
    await proveAllOrNothing(t, cloud(), subject);
  },
);
