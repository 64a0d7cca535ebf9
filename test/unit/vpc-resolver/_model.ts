/** A small cloud for the resolver's tests: one VPC with two interfaces, and the private zones that a test gives. */
import type { CloudModel, HostedZone, NetworkInterface, RecordSet, Vpc } from "../../cloud/model";

export const VPC_ID = "vpc-00000000000000001";
export const NOW = 1_800_000_000_000;

export function vpc(changes: Partial<Vpc> = {}): Vpc {
  const attributes = { enableDnsSupport: true, enableDnsHostnames: true };
  return { id: VPC_ID, cidrBlocks: ["10.0.0.0/16"], ...attributes, ...changes };
}

export function networkInterface(id: string, ...addresses: string[]): NetworkInterface {
  return {
    ...{ id, vpcId: VPC_ID, subnetId: "subnet-1", availabilityZone: "us-east-1a" },
    ...{ macAddress: "02:00:00:00:00:01", addresses, sourceDestCheck: true, securityGroupIds: [] },
    ...{ interfaceType: "interface", publicIp: "" },
  };
}

export function record(name: string, type: string, value: string | string[], ttl = 300): RecordSet {
  return { name, type, ttl, values: typeof value === "string" ? [value] : value };
}

/** A zone that is visible, with a SOA whose negative TTL is 900. */
export function hostedZone(name: string, records: RecordSet[], vpcIds: string[] = [VPC_ID]): HostedZone {
  return { id: `Z-${name}`, name, versions: [{ visibleAt: 0, vpcIds, records: [soa(name), ...records] }] };
}

export function soa(name: string): RecordSet {
  const value = "ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400";
  return record(name, "SOA", value, 900);
}

export function model(hostedZones: HostedZone[], changes: Partial<CloudModel> = {}): CloudModel {
  const none = {
    securityGroups: [],
    internetGateways: [],
    natGateways: [],
    transitGateways: [],
    instances: [],
    keyPairs: [],
    resolverPacketsPerSecond: 1024,
  };
  return {
    ...{ cloudId: "cloud", accountId: "123456789012", region: "us-east-1", n: 1 },
    ...{ vpcs: [vpc()], subnets: [], routeTables: [], ...none, hostedZones },
    networkInterfaces: [
      networkInterface("eni-1", "10.0.0.10", "10.0.0.11"),
      networkInterface("eni-2", "10.0.1.10"),
    ],
    ...changes,
  };
}
