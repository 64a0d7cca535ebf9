/** What nearly every program begins with: a VPC in two zones, and machines that are set up well. */
import { types } from "../../../policy/lib/types";
import { type Given, given, of } from "../_judge";

export const vpc = given(types.vpc, "main", {
  cidrBlock: "10.20.0.0/16",
  enableDnsSupport: true,
  enableDnsHostnames: true,
});
const zone = (letter: string, index: number): readonly [Given, Given, Given] => {
  const subnet = given(types.subnet, `private-${letter}`, {
    vpcId: of(vpc),
    cidrBlock: `10.20.${index}.0/24`,
    availabilityZone: `us-east-1${letter}`,
  });
  const table = given(types.routeTable, `private-${letter}`, { vpcId: of(vpc) });
  const association = given(types.tableAssociation, `private-${letter}`, {
    subnetId: of(subnet),
    routeTableId: of(table),
  });
  return [subnet, table, association];
};

export const [subnetA, tableA, associationA] = zone("a", 1);
export const [subnetB, tableB, associationB] = zone("b", 2);
export const network: readonly Given[] = [vpc, subnetA, tableA, associationA, subnetB, tableB, associationB];

export const hardened = {
  ami: "ami-0123456789abcdef0",
  instanceType: "t3.small",
  metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
  rootBlockDevice: { encrypted: true, volumeType: "gp3" },
};

export function machine(name: string, props: Given["props"] = {}): Given {
  return given(types.instance, name, { ...hardened, subnetId: of(subnetA), ...props });
}

/** A group with the service's port open to the VPC, and everything open to the outside. */
export function serviceGroup(name: string, port: number): Given {
  return given(types.securityGroup, name, {
    vpcId: of(vpc),
    ingress: [{ protocol: "tcp", fromPort: port, toPort: port, cidrBlocks: ["10.0.0.0/8"] }],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
}

export function route(
  name: string,
  table: Given,
  destinationCidrBlock: string,
  target: Given,
  attribute = "primaryNetworkInterfaceId",
): Given {
  return given(types.route, name, {
    routeTableId: of(table),
    destinationCidrBlock,
    networkInterfaceId: of(target, attribute),
  });
}

export const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** A role with its profile and one policy of its own. */
export function roleWith(name: string, policy: unknown): readonly [profile: Given, ...rest: Given[]] {
  const role = given(types.role, name, { assumeRolePolicy: trust });
  const profile = given(types.instanceProfile, name, { role: of(role, "name") });
  return [profile, role, given("aws:iam/rolePolicy:RolePolicy", name, { role: of(role), policy })];
}

export function allow(Action: string | readonly string[], Resource: unknown, more: object = {}): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource, ...more }],
  });
}
