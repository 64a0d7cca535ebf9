/** Route 53's private hosted zones, as the resolver of a VPC needs to know them. */

export interface HostedZone {
  readonly id: string;
  /** With a dot at its end, such as `awslab.mycompany.corp.` */
  readonly name: string;
  /**
   * Oldest first. Resolvers answer from the newest that is visible, and know nothing of the zone before the first is.
   */
  readonly versions: readonly ZoneVersion[];
}

/** What the zone is from one change on. */
export interface ZoneVersion {
  /** When the change has reached the resolvers, in milliseconds since 1970. */
  readonly visibleAt: number;
  /** The VPCs that see the zone, of this region. */
  readonly vpcIds: readonly string[];
  readonly records: readonly RecordSet[];
}

export interface RecordSet {
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** As Route 53's API has them. */
  readonly values: readonly string[];
}
