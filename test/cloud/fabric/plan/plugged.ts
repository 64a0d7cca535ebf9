import type { CloudModel, NetworkInterface } from "../../model";
import { deviceOf, hostDevice } from "./names";

/** An interface that is plugged into a host that runs. */
export interface Plugged {
  readonly networkInterface: NetworkInterface;
  /** Network namespace of the host. */
  readonly host: string;
  /** The router's end. */
  readonly device: string;
  /** The host's end. */
  readonly hostDevice: string;
  readonly subnetBlock: string;
  readonly routeTableId: string;
}

/**
 * The interfaces of the hosts that run, in the order of their ids.
 *
 * @param hosts network namespace by instance id, of hosts that run
 */
export function pluggedInterfaces(model: CloudModel, hosts: ReadonlyMap<string, string>): Plugged[] {
  return [...model.networkInterfaces]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .flatMap((networkInterface) => {
      const { attachment, subnetId } = networkInterface;
      if (attachment === undefined || ["detaching", "detached"].includes(attachment.status)) return [];
      const host = hosts.get(attachment.instanceId);
      const subnet = model.subnets.find(({ id }) => id === subnetId);
      if (host === undefined || subnet === undefined) return [];
      return [
        {
          networkInterface,
          host,
          device: deviceOf(networkInterface.id),
          hostDevice: hostDevice(attachment.deviceIndex),
          subnetBlock: subnet.cidrBlock,
          routeTableId: routeTableOf(model, subnet.id),
        },
      ];
    });
}

/** The table that the subnet is associated with, or else the VPC's main one. */
export function routeTableOf(model: CloudModel, subnetId: string): string {
  const vpcId = model.subnets.find(({ id }) => id === subnetId)?.vpcId;
  const own = model.routeTables.find((table) => table.subnetIds.includes(subnetId));
  const table = own ?? model.routeTables.find((one) => one.vpcId === vpcId && one.main);
  if (table === undefined) throw new Error(`No route table serves ${subnetId}`);
  return table.id;
}
