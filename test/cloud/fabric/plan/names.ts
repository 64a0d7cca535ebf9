/** Names of the kernel's things, at most 15 characters for devices, made from AWS's ids. */

const digits = (id: string, count: number): string => id.slice(-count);

/** The router's end of an interface's link. */
export const deviceOf = (networkInterfaceId: string): string => `v${digits(networkInterfaceId, 12)}`;

/** The host's end: Nitro instances of Amazon Linux 2023 call their interfaces ens5, ens6, … */
export const hostDevice = (deviceIndex: number): string => `ens${5 + deviceIndex}`;

export const vpcNamespace = (vpcId: string): string => `vpc-${digits(vpcId, 12)}`;
export const transitNamespace = (transitGatewayId: string): string => `tgw-${digits(transitGatewayId, 12)}`;

/** A device between a VPC and a transit gateway, for one availability zone; the same name at both ends. */
export const transitDevice = (attachmentId: string, zone: string): string =>
  `t${digits(attachmentId, 9)}-${digits(zone, 2)}`;

export const CORPORATE_ROUTER = "corporate";
export const CORPORATE_DEVICE = "corporate";

/** A route table as seen from a zone, as a number for the kernel, which knows 0 to 255 by itself. */
export function tableOf(routeTableId: string, zone: string): number {
  const zoneNumber = [...zone].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 61, 0);
  return 1024 + parseInt(digits(routeTableId, 6), 16) * 61 + zoneNumber;
}
