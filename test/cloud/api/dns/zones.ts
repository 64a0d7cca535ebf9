import { randomBytes } from "node:crypto";
import { AwsError } from "../gateway/errors";
import { changed, type Change, type RecordSet } from "./records";

export interface ZoneVpc {
  region: string;
  id: string;
}

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly callerReference: string;
  readonly isPrivate: boolean;
  comment: string;
  vpcs: ZoneVpc[];
  records: RecordSet[];
  /** What the records were before the last change. */
  before: RecordSet[];
  tags: Map<string, string>;
  changedAt: number;
  /** What resolvers were told, oldest first: a change takes its time to reach them. */
  versions: ZoneVersion[];
}

/** A zone from one change on. */
export interface ZoneVersion {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly vpcs: ZoneVpc[];
  readonly records: RecordSet[];
}

/** For how long versions are kept: no change is PENDING for that long. */
const KEPT_MS = 3_600_000;

export interface ZoneChange {
  id: string;
  submittedAt: Date;
  comment: string;
}

const NAME_SERVERS = [
  "ns-0.awsdns-00.com.",
  "ns-512.awsdns-00.net.",
  "ns-1024.awsdns-00.org.",
  "ns-1536.awsdns-00.co.uk.",
];

/** Route 53: zones, their records, and the changes that were made to them. moto's is not used. */
export class Zones {
  readonly all = new Map<string, Zone>();
  private readonly changes = new Map<string, ZoneChange>();

  create(fields: Pick<Zone, "name" | "callerReference" | "comment" | "isPrivate" | "vpcs">): Zone {
    const { name } = fields;
    const soa = `${NAME_SERVERS[3] ?? ""} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
    const records = [
      { name, type: "NS", ttl: "172800", values: NAME_SERVERS },
      { name, type: "SOA", ttl: "900", values: [soa] },
    ];
    const versions = [{ since: Date.now(), vpcs: fields.vpcs, records }];
    const fresh = { id: newId("Z"), records, before: records, tags: new Map(), changedAt: 0, versions };
    const zone: Zone = { ...fields, ...fresh };
    this.all.set(zone.id, zone);
    return zone;
  }

  /** @throws AwsError NoSuchHostedZone */
  get(id: string): Zone {
    const bare = id.replace(/^\/?hostedzone\//, "");
    const zone = this.all.get(bare);
    if (zone !== undefined) return zone;
    throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${bare}`);
  }

  /** @throws AwsError InvalidChangeBatch */
  change(zone: Zone, changes: Change[], comment: string): ZoneChange {
    const records = changed(zone.name, zone.records, changes);
    zone.before = zone.records;
    zone.records = records;
    zone.changedAt = Date.now();
    return this.tell(zone, comment);
  }

  /** Lets other VPCs than before see the zone. */
  associate(zone: Zone, vpcs: ZoneVpc[]): ZoneChange {
    zone.vpcs = vpcs;
    return this.tell(zone, "");
  }

  private tell(zone: Zone, comment: string): ZoneChange {
    const since = Date.now();
    const kept = zone.versions.findLastIndex((version) => version.since < since - KEPT_MS);
    const { vpcs, records } = zone;
    zone.versions = [...zone.versions.slice(Math.max(0, kept)), { since, vpcs, records }];
    return this.submit(comment);
  }

  submit(comment = ""): ZoneChange {
    const change = { id: newId("C"), submittedAt: new Date(), comment };
    this.changes.set(change.id, change);
    return change;
  }

  /** @throws AwsError NoSuchChange */
  getChange(id: string): ZoneChange {
    const bare = id.replace(/^\/?change\//, "");
    const found = this.changes.get(bare);
    if (found !== undefined) return found;
    throw new AwsError("NoSuchChange", "A change with the specified change ID does not exist.", 404);
  }
}

function newId(prefix: string): string {
  return `${prefix}0${randomBytes(9).toString("hex").toUpperCase()}`;
}

export const DELEGATION_SET = {
  NameServers: { NameServer: NAME_SERVERS.map((name) => name.replace(/\.$/, "")) },
};
