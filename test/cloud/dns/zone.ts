import type { RecordSet } from "../model";
import { isWithin } from "../api/dns/names";

/** What one server of a zone knows; names are written as Route 53 keeps them (see `storedName`). */
export interface Zone {
  readonly name: string;
  /** A SOA of the zone's own name is among them. */
  readonly records: readonly RecordSet[];
}

/** The record sets of a name; undefined if the name does not exist. */
export type Found = readonly RecordSet[] | undefined;

interface Index {
  readonly sets: ReadonlyMap<string, readonly RecordSet[]>;
  /** Names without records that have names below them: they exist, too (RFC 8020). */
  readonly between: ReadonlySet<string>;
}

const indexes = new WeakMap<Zone, Index>();

/** The zone that answers for a name: the most specific one, whatever wider ones say. The first of two with one name. */
export function zoneOf(zones: readonly Zone[], name: string): Zone | undefined {
  let best: Zone | undefined;
  for (const zone of zones) {
    if (isWithin(name, zone.name) && zone.name.length > (best?.name.length ?? -1)) best = zone;
  }
  return best;
}

/**
 * Looks a name of the zone up, by itself or by the wildcard of its closest existing ancestor (RFC 4592, section 3.3).
 * What a wildcard gives has the name that was asked for.
 */
export function findInZone(zone: Zone, name: string): Found {
  const index = indexOf(zone);
  const own = exactly(index, name);
  if (own !== undefined) return own;
  let ancestor = parentOf(name);
  while (exactly(index, ancestor) === undefined) {
    if (ancestor === zone.name || ancestor === "") return undefined;
    ancestor = parentOf(ancestor);
  }
  return exactly(index, `\\052.${ancestor}`)?.map((set) => ({ ...set, name }));
}

export function soaOf(zone: Zone): RecordSet | undefined {
  return findInZone(zone, zone.name)?.find(({ type }) => type === "SOA");
}

function exactly({ sets, between }: Index, name: string): Found {
  return sets.get(name) ?? (between.has(name) ? [] : undefined);
}

function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}

function indexOf(zone: Zone): Index {
  const known = indexes.get(zone);
  if (known !== undefined) return known;
  const sets = new Map<string, RecordSet[]>();
  const between = new Set<string>([zone.name]);
  for (const record of zone.records) {
    const present = sets.get(record.name);
    if (present === undefined) sets.set(record.name, [record]);
    else present.push(record);
    let above = parentOf(record.name);
    while (above.length > zone.name.length && isWithin(above, zone.name)) {
      between.add(above);
      above = parentOf(above);
    }
  }
  const made = { sets, between };
  indexes.set(zone, made);
  return made;
}
