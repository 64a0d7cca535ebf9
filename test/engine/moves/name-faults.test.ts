import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import test from "ava";
import { serviceName, type NameService } from "../../../components/failover/mechanisms/service-name/moves";
import { AT_ONCE, makeSite, withCloud } from "../api/_cloud";
import { proveAllOrNothing } from "./_faults";

const cloud = withCloud(test, { ...AT_ONCE, route53PendingMs: 60, route53PriorRequestMs: 20 });

test.serial(
  "whatever fails in whichever call, the service name leads to the target or where it led before",
  async (t) => {
    const { vpcId } = await makeSite(cloud().ec2());
    const client = new Route53Client(cloud().config());
    const { HostedZone } = await client.send(
      new CreateHostedZoneCommand({
        Name: "awslab.mycompany.corp",
        CallerReference: "one",
        VPC: { VPCId: vpcId, VPCRegion: "us-east-1" },
        HostedZoneConfig: { PrivateZone: true },
      }),
    );
    const service: NameService = {
      hostedZoneId: HostedZone?.Id ?? "",
      name: "myservice.awslab.mycompany.corp",
      ttl: 10,
      region: "us-east-1",
      candidates: { node1: { address: "10.1.0.10" }, node2: { address: "10.1.1.10" } },
    };
    const holder = async (): Promise<string> => {
      const { ResourceRecordSets } = await client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: service.hostedZoneId }),
      );
      const records = (ResourceRecordSets ?? []).filter(({ Type }) => Type === "A");
      const values = records
        .flatMap(({ ResourceRecords }) => ResourceRecords ?? [])
        .map(({ Value }) => Value);
      return values
        .map((value) => (value === "10.1.0.10" ? "node1" : value === "10.1.1.10" ? "node2" : value))
        .join(" and ");
    };
    const subject = { mechanism: serviceName, service, from: "node1", to: "node2", tellApart: [], holder };
    await proveAllOrNothing(t, cloud(), subject);
  },
);
