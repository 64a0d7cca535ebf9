import type { CloudModel, Instance, NetworkInterface } from "../model";

/** What the metadata service knows of an instance. All values are plain, so that JSON can carry them. */
export interface InstanceFacts {
  readonly accountId: string;
  readonly region: string;
  readonly instance: Instance;
  /** The attached ones, by device index: the primary interface first. */
  readonly interfaces: readonly InterfaceFacts[];
  /** In the format of `authorized_keys`; undefined if the instance has no key pair, or its public key is not known. */
  readonly publicKey?: string;
}

export interface InterfaceFacts {
  readonly id: string;
  readonly macAddress: string;
  readonly deviceIndex: number;
  /** The private addresses, the primary one first. */
  readonly addresses: readonly string[];
  readonly publicIp: string;
  readonly subnetId: string;
  readonly subnetCidrBlock: string;
  readonly vpcId: string;
  readonly vpcCidrBlocks: readonly string[];
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Collects what the metadata service tells of an instance.
 *
 * @param publicKeys by the name of the key pair
 * @returns undefined if there is no such instance
 */
export function instanceFacts(
  model: CloudModel,
  instanceId: string,
  publicKeys: Readonly<Record<string, string>> = {},
): InstanceFacts | undefined {
  const instance = model.instances.find(({ id }) => id === instanceId);
  if (instance === undefined) return undefined;
  const interfaces = model.networkInterfaces
    .flatMap((one) => interfaceFacts(model, one, instanceId))
    .sort((one, other) => one.deviceIndex - other.deviceIndex);
  const publicKey = publicKeys[instance.keyName];
  const { accountId, region } = model;
  return { accountId, region, instance, interfaces, ...(publicKey === undefined ? {} : { publicKey }) };
}

/**
 * Finds out who asks: the instance to which an interface with this address is attached.
 *
 * @param vpcId whose network the question came from: another VPC may use the same addresses
 */
export function instanceAt(model: CloudModel, vpcId: string, address: string): string | undefined {
  const found = model.networkInterfaces.find(
    (one) => one.vpcId === vpcId && one.addresses.includes(address) && isAttached(one),
  );
  return found?.attachment?.instanceId;
}

/** An interface that is being attached or detached is the instance's, for as long as its link is there. */
function isAttached({ attachment }: NetworkInterface): boolean {
  return attachment !== undefined && attachment.status !== "detached";
}

function interfaceFacts(model: CloudModel, one: NetworkInterface, instanceId: string): InterfaceFacts[] {
  if (!isAttached(one) || one.attachment?.instanceId !== instanceId) return [];
  const groups = one.securityGroupIds.map((id) => ({
    id,
    name: model.securityGroups.find((group) => group.id === id)?.name ?? id,
  }));
  return [
    {
      ...{ id: one.id, macAddress: one.macAddress, deviceIndex: one.attachment.deviceIndex },
      ...{ addresses: one.addresses, publicIp: one.publicIp, subnetId: one.subnetId, vpcId: one.vpcId },
      subnetCidrBlock: model.subnets.find(({ id }) => id === one.subnetId)?.cidrBlock ?? "",
      vpcCidrBlocks: model.vpcs.find(({ id }) => id === one.vpcId)?.cidrBlocks ?? [],
      securityGroups: groups,
    },
  ];
}
