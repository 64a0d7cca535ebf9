import { isIPv4, isIPv6 } from "node:net";
import { AwsError } from "../gateway/errors";
import { isElement, itemsAt, textAt, type XmlElement } from "../gateway/xml";
import { compareNames, isWithin, nameProblem, storedName } from "./names";

export interface RecordSet {
  name: string;
  type: string;
  ttl: string;
  values: string[];
}

export interface Change {
  action: string;
  record: RecordSet;
  /** The name as it was sent. */
  sentName: string;
}

/** A change as the request has it. @throws AwsError InvalidInput */
export function readChange(change: XmlElement): Change {
  const set = change.ResourceRecordSet;
  if (!isElement(set)) throw new AwsError("InvalidInput", "Invalid XML ; ResourceRecordSet is missing");
  const [action, type, ttl] = [textAt(change, "Action"), textAt(set, "Type"), textAt(set, "TTL")];
  const values = itemsAt(set, "ResourceRecords.ResourceRecord").map((one) => textAt(one, "Value"));
  const sentName = textAt(set, "Name");
  const name = storedName(sentName);
  const missingField = ttl === "" ? "TTL" : values.length === 0 ? "ResourceRecords" : undefined;
  if (missingField !== undefined) {
    const where = `[Action=${action}, Name=${name}, Type=${type}, SetIdentifier=null]`;
    throw new AwsError(
      "InvalidInput",
      `Invalid request: Missing field '${missingField}' in Change with ${where}`,
    );
  }
  return { action, record: { name, type, ttl, values }, sentName };
}

/**
 * The records after the changes: all of them or none.
 *
 * @throws AwsError InvalidChangeBatch with every reason
 */
export function changed(zoneName: string, records: readonly RecordSet[], changes: Change[]): RecordSet[] {
  const result = new Map(records.map((record) => [keyOf(record), record]));
  const problems = changes.flatMap(({ action, record, sentName }) => {
    const found = nameProblem(sentName) ?? problemOf(zoneName, result, action, record);
    if (found !== undefined) return [found];
    if (action === "DELETE") result.delete(keyOf(record));
    else result.set(keyOf(record), record);
    return [];
  });
  if (problems.length > 0) throw new AwsError("InvalidChangeBatch", `[${problems.join(", ")}]`);
  return [...result.values()].sort((a, b) => compareNames(a.name, b.name) || (a.type < b.type ? -1 : 1));
}

function keyOf({ name, type }: RecordSet): string {
  return `${name} ${type}`;
}

function problemOf(
  zoneName: string,
  records: ReadonlyMap<string, RecordSet>,
  action: string,
  record: RecordSet,
): string | undefined {
  const { name, type } = record;
  const what = `resource record set [name='${name}', type='${type}']`;
  const present = records.get(keyOf(record));
  if (action === "DELETE") {
    if (present === undefined) return `Tried to delete ${what} but it was not found`;
    if (!isSame(present, record)) {
      return `Tried to delete ${what} but the values provided do not match the current values`;
    }
    if (name === zoneName && type === "SOA") return "A HostedZone must contain exactly one SOA record.";
    if (name === zoneName && type === "NS") {
      return "A HostedZone must contain at least one NS record for the zone itself.";
    }
    return undefined;
  }
  if (action === "CREATE" && present !== undefined) return `Tried to create ${what} but it already exists`;
  if (!isWithin(name, zoneName)) return `RRSet with DNS name ${name} is not permitted in zone ${zoneName}`;
  return conflict(zoneName, records, record) ?? invalidValue(record);
}

function isSame(one: RecordSet, other: RecordSet): boolean {
  return (
    one.ttl === other.ttl &&
    JSON.stringify([...one.values].sort()) === JSON.stringify([...other.values].sort())
  );
}

function conflict(
  zoneName: string,
  records: ReadonlyMap<string, RecordSet>,
  record: RecordSet,
): string | undefined {
  const { name, type } = record;
  if (type === "CNAME" && name === zoneName) {
    return `RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zoneName}`;
  }
  const others = [...records.values()].filter((one) => one.name === name && one.type !== type);
  if (others.length === 0 || !(type === "CNAME" || others.some((one) => one.type === "CNAME")))
    return undefined;
  return (
    `RRSet of type ${type} with DNS name ${name} is not permitted as it conflicts with other records ` +
    `with the same DNS name in zone ${zoneName}`
  );
}

function invalidValue({ type, ttl, values }: RecordSet): string | undefined {
  if (!/^\d+$/.test(ttl) || Number(ttl) > 2_147_483_647) return `Invalid TTL: '${ttl}'`;
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) return `Duplicate Resource Record: '${twice}'`;
  const fatal = (problem: string, value: string): string =>
    `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`;
  for (const value of values) {
    if (type === "A" && !isIPv4(value)) {
      return fatal("ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)", value);
    }
    if (type === "AAAA" && !isIPv6(value)) {
      return fatal("AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)", value);
    }
    const target = targetIn(type, value);
    if (target === null)
      return fatal(`${type}RRDATAInvalidFormat (Value is not a valid ${type} value)`, value);
    const problem = target === undefined ? undefined : nameProblem(target);
    if (problem !== undefined) return `Invalid Resource Record: '${problem}'`;
    if ((type === "TXT" || type === "SPF") && !/^("(?:[^"\\]|\\.)*"\s*)+$/.test(value)) {
      return fatal(`InvalidCharacterString (Value should be enclosed in quotation marks)`, value);
    }
  }
  const long = values
    .flatMap((value) => value.match(/"(?:[^"\\]|\\.)*"/g) ?? [])
    .find((one) => one.length > 257);
  if ((type === "TXT" || type === "SPF") && long !== undefined) {
    return fatal("CharacterStringTooLong (Value is too long)", long);
  }
  if (type === "CNAME" && values.length > 1) return "Too many resource records for a CNAME";
  return undefined;
}

/** The domain name in a record's value; undefined if its type has none, null if the value is not of its type's form. */
function targetIn(type: string, value: string): string | undefined | null {
  const form = TARGETS[type];
  return form === undefined ? undefined : (form.exec(value)?.[1] ?? null);
}

const TARGETS: Record<string, RegExp> = {
  CNAME: /^(\S+)$/,
  MX: /^\d{1,5} (\S+)$/,
  NS: /^(\S+)$/,
  PTR: /^(\S+)$/,
  SRV: /^\d{1,5} \d{1,5} \d{1,5} (\S+)$/,
};
