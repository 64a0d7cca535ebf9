import type {
  CloudModel,
  Instance,
  NetworkInterface,
  Route,
  RouteTable,
  SecurityGroup,
} from "../../cloud/model";

const local: Route = {
  destinationCidrBlock: "10.0.0.0/16",
  state: "active",
  target: { kind: "local", id: "" },
};

export const VPC = "vpc-00000000000000001";
export const OVERLAY = "192.168.10.1/32";

/** An instance with one interface, which is of one group. */
export interface Node {
  readonly instance: Instance;
  readonly networkInterface: NetworkInterface;
}

export function node(n: number, address: string, zone: "a" | "b", sourceDestCheck = false): Node {
  const digits = String(n).padStart(17, "0");
  const id = `i-${digits}`;
  const availabilityZone = `us-east-1${zone}`;
  const place = { vpcId: VPC, subnetId: `subnet-${zone}`, availabilityZone };
  const metadataOptions = {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
    instanceMetadataTags: "disabled",
  };
  const texts = {
    imageId: "",
    instanceType: "",
    architecture: "",
    keyName: "",
    launchTime: "",
    reservationId: "",
    availabilityZoneId: "",
    rootDeviceName: "",
    instanceProfileId: "",
  };
  return {
    instance: {
      ...{ id, name: `node${n}`, state: "running", boots: 0, tags: {}, ...place, ...texts, metadataOptions },
      ...{ privateIpAddress: address, privateDnsName: "", userData: "", instanceProfile: "", role: "" },
    },
    networkInterface: {
      ...{ id: `eni-${digits}`, macAddress: `02:00:00:00:00:0${n}`, addresses: [address], ...place },
      ...{ sourceDestCheck, securityGroupIds: ["sg-1"], interfaceType: "interface", publicIp: "" },
      attachment: { id: "", instanceId: id, deviceIndex: 0, status: "attached" },
    },
  };
}

export const group: SecurityGroup = {
  ...{ id: "sg-1", vpcId: VPC, name: "nodes" },
  ingress: [
    {
      protocol: "tcp",
      fromPort: 8080,
      toPort: 8081,
      cidrBlocks: ["172.16.0.0/12"],
      securityGroupIds: [],
      others: [],
    },
    { protocol: "-1", fromPort: -1, toPort: -1, cidrBlocks: [], securityGroupIds: ["sg-1"], others: [] },
    {
      protocol: "icmp",
      fromPort: 3,
      toPort: 4,
      cidrBlocks: ["10.0.0.0/16"],
      securityGroupIds: [],
      others: [],
    },
  ],
  egress: [
    { protocol: "-1", fromPort: -1, toPort: -1, cidrBlocks: ["0.0.0.0/0"], securityGroupIds: [], others: [] },
  ],
};

export function table(id: string, subnetIds: string[], routes: Route[], main = false): RouteTable {
  return { id, vpcId: VPC, main, subnetIds, routes: [local, ...routes] };
}

export function overlayTo(eni: string, state: Route["state"] = "active"): Route {
  return { destinationCidrBlock: OVERLAY, state, target: { kind: "network-interface", id: eni } };
}

/** Subnets a and b, each in its zone; a is associated with rtb-…a, b with no table. */
export function model(
  nodes: readonly Node[],
  routeTables: RouteTable[],
  changes: Partial<CloudModel> = {},
): CloudModel {
  return {
    ...{ cloudId: "cloud", accountId: "123456789012", region: "us-east-1", n: 1, routeTables },
    vpcs: [{ id: VPC, cidrBlocks: ["10.0.0.0/16"], enableDnsSupport: true, enableDnsHostnames: true }],
    subnets: ["a", "b"].map((zone, index) => ({
      ...{ id: `subnet-${zone}`, vpcId: VPC, availabilityZone: `us-east-1${zone}`, name: zone },
      cidrBlock: `10.0.${16 * index}.0/20`,
    })),
    networkInterfaces: nodes.map(({ networkInterface }) => networkInterface),
    instances: nodes.map(({ instance }) => instance),
    ...{
      securityGroups: [group],
      internetGateways: [],
      natGateways: [],
      transitGateways: [],
      keyPairs: [],
      resolverPacketsPerSecond: 1024,
    },
    hostedZones: [],
    ...changes,
  };
}

/** Every instance has a host that runs, in a namespace of its name. */
export const running = (nodes: readonly Node[]): Map<string, string> =>
  new Map(nodes.map(({ instance }) => [instance.id, instance.name]));
