/** Who has the services, as AWS says; and whether what was done in the meantime took one of them away. */
import {
  AttachNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DetachNetworkInterfaceCommand,
  type EC2Client,
  type Instance,
  ReplaceRouteCommand,
  waitUntilNetworkInterfaceAvailable,
} from "@aws-sdk/client-ec2";
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { type AuditEntry, CloudAdmin, LAB_CREDENTIALS } from "../../cloud/api";
import type { Lab } from "../plugins/_fixture";
import { RECORD } from "./_program";

export interface Owners {
  readonly overlay: string;
  readonly eni: string;
  readonly dns: string;
}

export class World {
  readonly ec2: EC2Client;
  readonly admin: CloudAdmin;
  private readonly route53: Route53Client;

  constructor(lab: Lab) {
    this.ec2 = lab.ec2();
    this.admin = new CloudAdmin(lab.cloud.url);
    this.route53 = new Route53Client({
      region: "us-east-1",
      endpoint: lab.cloud.url,
      credentials: LAB_CREDENTIALS,
    });
  }

  /** Live instances by their Name tag. */
  async nodes(): Promise<Record<string, Instance>> {
    const Filters = [{ Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] }];
    const { Reservations = [] } = await this.ec2.send(new DescribeInstancesCommand({ Filters }));
    const all = Reservations.flatMap(({ Instances = [] }) => Instances);
    return Object.fromEntries(
      all.map((one) => [one.Tags?.find(({ Key }) => Key === "Name")?.Value ?? "", one]),
    );
  }

  private async tables(destination: string): Promise<{ id: string; instance: string }[]> {
    const vpcs = new Set(Object.values(await this.nodes()).map(({ VpcId }) => VpcId));
    const { RouteTables = [] } = await this.ec2.send(new DescribeRouteTablesCommand({}));
    return RouteTables.filter(({ VpcId }) => vpcs.has(VpcId)).map(({ RouteTableId = "", Routes = [] }) => ({
      id: RouteTableId,
      instance: Routes.find((route) => route.DestinationCidrBlock === destination)?.InstanceId ?? "nobody",
    }));
  }

  async floating(): Promise<{ id: string; attachment?: string; instance: string }> {
    const Filters = [{ Name: "tag:Name", Values: ["floating"] }];
    const { NetworkInterfaces = [] } = await this.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    const { NetworkInterfaceId = "", Attachment } = NetworkInterfaces[0] ?? {};
    const isHeld = Attachment?.Status === "attached";
    return {
      id: NetworkInterfaceId,
      attachment: Attachment?.AttachmentId,
      instance: isHeld ? (Attachment.InstanceId ?? "stranger") : "nobody",
    };
  }

  private async zone(): Promise<string> {
    const { HostedZones = [] } = await this.route53.send(new ListHostedZonesCommand({}));
    return HostedZones[0]?.Id ?? "";
  }

  async record(): Promise<{ ttl?: number; address?: string }> {
    const HostedZoneId = await this.zone();
    const { ResourceRecordSets = [] } = await this.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId }),
    );
    const found = ResourceRecordSets.find(({ Name, Type }) => Name === `${RECORD}.` && Type === "A");
    return { ttl: found?.TTL, address: found?.ResourceRecords?.[0]?.Value };
  }

  /** Names of the nodes; `mixed …` when the tables disagree, `nobody` when none has it. */
  async owners(destination = "192.168.10.1/32"): Promise<Owners> {
    const nodes = await this.nodes();
    const nameOf = (id: string | undefined): string =>
      Object.entries(nodes).find(([, one]) => one.InstanceId === id)?.[0] ?? "nobody";
    const routed = [...new Set((await this.tables(destination)).map(({ instance }) => nameOf(instance)))];
    const { address } = await this.record();
    return {
      overlay: routed.length === 1 ? (routed[0] ?? "nobody") : `mixed ${routed.join("+")}`,
      eni: nameOf((await this.floating()).instance),
      dns: Object.entries(nodes).find(([, one]) => one.PrivateIpAddress === address)?.[0] ?? "nobody",
    };
  }

  /** Takes all three over as nodes do by themselves. */
  async takeOver(pair: string, eniNode: string): Promise<void> {
    const nodes = await this.nodes();
    const NetworkInterfaceId = nodes[pair]?.NetworkInterfaces?.find(
      ({ Attachment }) => Attachment?.DeviceIndex === 0,
    )?.NetworkInterfaceId;
    for (const { id: RouteTableId } of await this.tables("192.168.10.1/32")) {
      const DestinationCidrBlock = "192.168.10.1/32";
      await this.ec2.send(
        new ReplaceRouteCommand({ RouteTableId, DestinationCidrBlock, NetworkInterfaceId }),
      );
    }
    await this.setRecord({ Value: nodes[pair]?.PrivateIpAddress ?? "" });
    const { id, attachment: AttachmentId } = await this.floating();
    await this.ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
    await waitUntilNetworkInterfaceAvailable(
      { client: this.ec2, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { NetworkInterfaceIds: [id] },
    );
    const InstanceId = nodes[eniNode]?.InstanceId;
    await this.ec2.send(
      new AttachNetworkInterfaceCommand({ NetworkInterfaceId: id, InstanceId, DeviceIndex: 1 }),
    );
  }

  async setRecord({ Value, TTL = 10 }: { Value: string; TTL?: number }): Promise<void> {
    const ResourceRecordSet = { Name: RECORD, Type: "A" as const, TTL, ResourceRecords: [{ Value }] };
    await this.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: await this.zone(),
        ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet }] },
      }),
    );
  }

  /** What was done meanwhile that takes a service from the node that had it before; empty: nothing. */
  async takenAway(work: () => Promise<void>): Promise<string[]> {
    const before = await this.owners();
    const nodes = await this.nodes();
    const { id, attachment } = await this.floating();
    const since = (await this.admin.audit()).at(-1)?.n ?? 0;
    await work();
    const calls = (await this.admin.audit(since)).filter(
      ({ result, parameters }) => result === "ok" && parameters.DryRun !== "true",
    );
    const owner = { overlay: nodes[before.overlay], eni: nodes[before.eni], dns: nodes[before.dns] };
    const ids = new Set(Object.values(owner).map((one) => one?.InstanceId));
    const overlayIds = new Set(owner.overlay?.NetworkInterfaces?.map((one) => one.NetworkInterfaceId));
    return calls
      .filter((call) => {
        const { action, parameters: given } = call;
        if (/^(Terminate|Stop|Reboot)Instances$/.test(action)) return ids.has(given["InstanceId.1"]);
        if (action === "DeleteRoute") return true;
        if (/^(Create|Replace)Route$/.test(action) && given.DestinationCidrBlock === "192.168.10.1/32")
          return !overlayIds.has(given.NetworkInterfaceId);
        if (action === "DetachNetworkInterface") return given.AttachmentId === attachment;
        if (action === "DeleteNetworkInterface") return given.NetworkInterfaceId === id;
        if (action === "ChangeResourceRecordSets")
          return !JSON.stringify(given).includes(owner.dns?.PrivateIpAddress ?? "?") || isDeletion(call);
        return false;
      })
      .map(({ action, parameters }) => `${action} ${JSON.stringify(parameters)}`);
  }
}

function isDeletion({ parameters }: AuditEntry): boolean {
  return Object.entries(parameters).some(([key, value]) => key.endsWith("Action") && value === "DELETE");
}
