/** The three services of a lab, and where AWS says that they are. */
import { DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import * as fs from "node:fs";
import { LAB_CREDENTIALS } from "../../cloud/api";
import { nodes, overlayNode } from "./_aws";
import type { TestLab } from "./_lab";

export type ServiceName = "overlay" | "eni" | "dns";

export const serviceFacts: Readonly<
  Record<ServiceName, { key: string; nodes: readonly [string, string]; write: string }>
> = {
  overlay: { key: "overlayActive", nodes: ["node1", "node2"], write: "ReplaceRoute" },
  eni: { key: "eniActive", nodes: ["node-a", "node-b"], write: "AttachNetworkInterface" },
  dns: { key: "dnsActive", nodes: ["node1", "node2"], write: "ChangeResourceRecordSets" },
};

async function interfaceHolder(lab: TestLab): Promise<string | undefined> {
  const filter = { Filters: [{ Name: "tag:Name", Values: ["floating-eni"] }] };
  const { NetworkInterfaces = [] } = await lab.ec2.send(new DescribeNetworkInterfacesCommand(filter));
  const holder = NetworkInterfaces[0]?.Attachment?.InstanceId;
  return Object.entries(await nodes(lab.ec2)).find(([, { InstanceId }]) => InstanceId === holder)?.[0];
}

async function recordTarget(lab: TestLab): Promise<string | undefined> {
  const client = new Route53Client({ region: "us-east-1", endpoint: lab.url, credentials: LAB_CREDENTIALS });
  const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
  const { ResourceRecordSets = [] } = await client.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: HostedZones[0]?.Id }),
  );
  const record = ResourceRecordSets.find(({ Name, Type }) => Name?.startsWith("myservice.") && Type === "A");
  const address = record?.ResourceRecords?.[0]?.Value;
  return Object.entries(await nodes(lab.ec2)).find(([, node]) => node.PrivateIpAddress === address)?.[0];
}

/** Name of the node that has the service; `none` when none has. */
export async function whereIs(lab: TestLab, service: ServiceName): Promise<string> {
  if (service === "overlay") return await overlayNode(lab.ec2);
  return (service === "eni" ? await interfaceHolder(lab) : await recordTarget(lab)) ?? "none";
}

/** The node that the stack's configuration chooses for the service. */
export function chosen(lab: TestLab, service: ServiceName): string | undefined {
  const text = fs.readFileSync(lab.configFile(), "utf8");
  return new RegExp(`failover-lab:${serviceFacts[service].key}: (\\S+)`).exec(text)?.[1];
}

/** @returns the node that configuration, state and AWS agree on @throws when they don't */
export async function agreed(lab: TestLab, service: ServiceName): Promise<string> {
  const { stdout } = await lab.succeed("pulumi", "stack", "output", "services", "--json");
  const { active } = (JSON.parse(stdout) as Record<string, { active?: string }>)[service] ?? {};
  const [inConfig, inAws] = [chosen(lab, service), await whereIs(lab, service)];
  if (inConfig === inAws && active === inAws) return inAws;
  throw new Error(`${service}: configuration ${String(inConfig)}, state ${String(active)}, AWS ${inAws}`);
}
