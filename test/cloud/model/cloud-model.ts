/** What is in the fake AWS, decoded once: plain values that JSON can carry. */
import type { HostedZone } from "./hosted-zones";
import type { Instance, KeyPair } from "./instances";
import type {
  InternetGateway,
  NatGateway,
  NetworkInterface,
  RouteTable,
  SecurityGroup,
  Subnet,
  Vpc,
} from "./network";
import type { TransitGateway } from "./transit";

/** One region at one moment: no call was changing anything while it was taken. */
export interface CloudModel {
  /** Made anew at each start of the cloud. */
  readonly cloudId: string;
  readonly accountId: string;
  readonly region: string;
  /** Number of the last change event that is in it. */
  readonly n: number;
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly networkInterfaces: readonly NetworkInterface[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly internetGateways: readonly InternetGateway[];
  readonly natGateways: readonly NatGateway[];
  readonly transitGateways: readonly TransitGateway[];
  /** Those whose public key is known. */
  readonly keyPairs: readonly KeyPair[];
  readonly instances: readonly Instance[];
  /** The private ones that a VPC of this region is, or was, associated with. */
  readonly hostedZones: readonly HostedZone[];
  /** What one interface may send to the resolver of its VPC. */
  readonly resolverPacketsPerSecond: number;
}
